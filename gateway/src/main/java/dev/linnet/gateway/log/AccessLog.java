package dev.linnet.gateway.log;

import dev.linnet.numbers.MetricSource;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.numbers.PrometheusPage.MetricType;
import dev.linnet.routing.policy.GlobalPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The access log of a gateway: what is written, and the thread that writes it. */
public final class AccessLog implements MetricSource, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AccessLog.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final AccessLogSettings settings;
    private final List<LoopLog> loops = new CopyOnWriteArrayList<>();
    private final Thread writer;
    private volatile InForce inForce;
    private volatile boolean closed;
    private boolean broken;

    /** What is written at the moment. */
    record InForce(GlobalPolicy.AccessLog options, boolean off, LogFormat format, List<byte[]> skipped) {
        boolean wants(LogEntry entry) {
            if (!entry.names.logged() || (entry.isForUnknownHost() && !options.ofDefaultBackend())) {
                return false;
            }
            for (int i = 0; i < skipped.size(); i++) {
                if (entry.targetIs(skipped.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    private AccessLog(AccessLogSettings settings) {
        this.settings = settings;
        this.inForce = inForce(settings, GlobalPolicy.AccessLog.DEFAULT);
        this.writer = Thread.ofPlatform().name("linnet-access-log").daemon().unstarted(this::write);
    }

    /** With a thread that writes, unless nothing is to be written whatever happens. */
    public static AccessLog start(AccessLogSettings settings) {
        AccessLog started = new AccessLog(settings);
        if (settings.form() != AccessLogSettings.Form.OFF) {
            started.writer.start();
        }
        return started;
    }

    private static InForce inForce(AccessLogSettings settings, GlobalPolicy.AccessLog options) {
        List<byte[]> skipped = options.skipped().stream()
                .map(target -> target.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
        boolean off = !options.on() || settings.form() == AccessLogSettings.Form.OFF;
        return new InForce(options, off, format(settings, options), skipped);
    }

    private static LogFormat format(AccessLogSettings settings, GlobalPolicy.AccessLog options) {
        if (!options.format().isEmpty()) {
            return LogFormat.of(options.format(), options.escapeJson() ? Escape.JSON : Escape.NGINX);
        }
        return switch (settings.form()) {
            case OFF, NGINX -> LogFormat.NGINX;
            case JSON -> LogFormat.JSON;
        };
    }

    /** What these options come to. They change seldom, and whoever meets new ones first works them out. */
    @SuppressWarnings("ReferenceEquality") // asked for each request: the same options are the same object
    InForce inForce(GlobalPolicy.AccessLog options) {
        InForce known = inForce;
        if (known.options == options) {
            return known;
        }
        InForce changed = inForce(settings, options);
        inForce = changed;
        List<String> unknown = changed.format.unknown();
        if (!unknown.isEmpty()) {
            log.atWarn().addKeyValue("variables", unknown).log("log-format-upstream names what is not known here");
        }
        return changed;
    }

    /**
     * The part of one event loop.
     *
     * @param wallMillis the time of day, since 1970
     */
    public LoopLog loop(RandomGenerator random, LongSupplier wallMillis) {
        LoopLog loop = new LoopLog(this, random, new LogClock(wallMillis, ZoneId.systemDefault()));
        loops.add(loop);
        return loop;
    }

    void wake() {
        LockSupport.unpark(writer);
    }

    private void write() {
        while (!closed) {
            LockSupport.park(this);
            drain();
        }
        drain();
    }

    private void drain() {
        for (LoopLog loop : loops) {
            while (passOn(loop)) {
                // one batch after the other
            }
        }
    }

    /** A sink that fails is told of once: lines are lost until it works again. */
    private boolean passOn(LoopLog loop) {
        try {
            boolean some = loop.batches().drainTo(settings.sink());
            broken = broken && !some;
            return some;
        } catch (IOException e) {
            if (!broken) {
                log.atWarn().setCause(e).log("Access log cannot be written");
            }
            broken = true;
            return true;
        }
    }

    @Override
    public void writeTo(PrometheusPage page) {
        counter(page, "linnet_access_log_lines_total", "Lines written to the access log", LoopLog::lines);
        counter(
                page,
                "linnet_access_log_dropped_lines_total",
                "Lines that the access log lost because its sink was too slow",
                LoopLog::dropped);
    }

    private void counter(PrometheusPage page, String name, String help, ToLongFunction<LoopLog> count) {
        page.family(name, MetricType.COUNTER, help);
        page.sample(name, Map.of(), (double) loops.stream().mapToLong(count).sum());
    }

    /** Writes what event loops have handed over. They must have ended before. */
    @Override
    public void close() {
        loops.forEach(LoopLog::tick);
        closed = true;
        wake();
        try {
            if (writer.isAlive() && !writer.join(LAST_WORDS)) {
                log.atWarn().log("Access log does not end: its sink takes nothing");
            }
            settings.sink().flush();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.atWarn().setCause(e).log("Access log cannot be written to its end");
        }
    }
}
