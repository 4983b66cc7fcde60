package dev.linnet.samples.podinfo;

import dev.linnet.samples.Sample;
import dev.linnet.samples.serving.Output;
import dev.linnet.samples.serving.Served;
import dev.linnet.samples.serving.SharedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Answers as github.com/stefanprodan/podinfo does on the paths that people use, in any version: the tag is the version. It
 * can be told to be bad, see {@link Faults}. gRPC is not spoken.
 */
public final class Podinfo implements Sample {
    private final SharedServer server;

    public Podinfo(SharedServer server) {
        this.server = server;
    }

    @Override
    public String name() {
        return "podinfo";
    }

    @Override
    public Running start(Setting setting) throws Exception {
        Options options = Options.read(setting);
        Faults faults = Faults.fromEnvironment(setting.env());
        Duration startDelay = Faults.duration("FAULT_START_DELAY", setting.env());
        Duration crashAfter = Faults.duration("FAULT_CRASH_AFTER", setting.env());

        JsonLog log = new JsonLog(new Output(setting.log()));
        Served served = server.join(setting, new Output(setting.log()));
        log.line("Starting podinfo", Map.of("version", options.version(), "port", Integer.toString(options.port())));
        PodinfoSite site = new PodinfoSite(
                setting,
                options,
                faults,
                served,
                log,
                () -> ThreadLocalRandom.current().nextDouble());
        if (startDelay.isZero()) {
            listen(setting, options, served, site);
        } else {
            served.after(startDelay, () -> listenOrDie(setting, options, served, site, log));
        }
        if (!crashAfter.isZero()) {
            served.after(crashAfter, () -> site.crash("FAULT_CRASH_AFTER is over"));
        }
        return served.announcing(
                grace -> log.line("Shutting down HTTP server", Map.of("timeout", grace.toSeconds() + "s")));
    }

    private static void listen(Setting setting, Options options, Served served, PodinfoSite site) throws IOException {
        try {
            served.listen(setting.realPort().applyAsInt(options.port()), site);
            if (options.metricsPort() > 0) {
                served.listen(setting.realPort().applyAsInt(options.metricsPort()), site::answerOnMetricsPort);
            }
        } catch (IOException e) {
            served.die(1);
            throw e;
        }
    }

    private static void listenOrDie(Setting setting, Options options, Served served, PodinfoSite site, JsonLog log) {
        try {
            listen(setting, options, served, site);
        } catch (IOException e) {
            log.line("HTTP server crashed", Map.of("error", String.valueOf(e.getMessage())));
        }
    }
}
