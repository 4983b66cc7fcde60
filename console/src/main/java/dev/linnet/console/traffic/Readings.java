package dev.linnet.console.traffic;

import dev.linnet.console.release.Release;
import dev.linnet.numbers.Snapshot;
import dev.linnet.numbers.Sum;
import dev.linnet.numbers.Version;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The numbers of releases, second by second. Read while a release runs or somebody looks; kept for five minutes, and for at most
 * {@value #MOST_RELEASES} releases.
 */
public final class Readings implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Readings.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int KEPT = 310;
    private static final int WINDOW = 10;
    private static final int MOST_RELEASES = 200;

    private final Gateways gateways;
    private final Supplier<List<Release>> releases;
    private final InstantSource clock;
    private final Map<String, Track> tracks = new HashMap<>();
    private final Map<String, Integer> lookers = new HashMap<>();
    private final Thread reader;
    private volatile boolean answered = true;

    /** What was counted of a release: by reading, by gateway. */
    private static final class Track {
        private final Deque<Reading> readings = new ArrayDeque<>();
    }

    /** All gateways at one moment, by name and start. */
    private record Reading(Instant at, Map<String, Pair> gateways) {}

    private record Pair(Instant started, Sum primary, Sum canary) {}

    /** Starts to read. */
    public Readings(Gateways gateways, Supplier<List<Release>> releases, InstantSource clock) {
        this.gateways = gateways;
        this.releases = releases;
        this.clock = clock;
        this.reader = Thread.ofVirtual().name("console-readings").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PAUSE);
                step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the console stops
        }
    }

    private void step() throws InterruptedException {
        try {
            List<Release> wanted = releases.get().stream()
                    .filter(this::isWanted)
                    .limit(MOST_RELEASES)
                    .toList();
            if (!wanted.isEmpty()) {
                List<Snapshot> all =
                        gateways.count(wanted.stream().map(Release::namespace).collect(Collectors.toSet()));
                answered = !all.isEmpty();
                keep(wanted, all);
            }
        } catch (RuntimeException e) {
            answered = false;
            LOG.atDebug().addKeyValue("cause", e.toString()).log("the gateways cannot be read");
        }
    }

    private synchronized boolean isWanted(Release release) {
        return release.phase().isRunning() || lookers.containsKey(release.key());
    }

    private synchronized void keep(List<Release> wanted, List<Snapshot> all) {
        Instant now = clock.instant();
        tracks.keySet().retainAll(wanted.stream().map(Release::key).toList());
        for (Release release : wanted) {
            Version primary = release.version(false);
            Version canary = release.version(true);
            Map<String, Pair> pairs = new HashMap<>();
            for (Snapshot snapshot : all) {
                pairs.put(
                        snapshot.gateway() + "@" + snapshot.started(),
                        new Pair(snapshot.started(), Sum.of(snapshot, primary::has), Sum.of(snapshot, canary::has)));
            }
            Deque<Reading> readings = tracks.computeIfAbsent(release.key(), _ -> new Track()).readings;
            readings.addLast(new Reading(now, pairs));
            while (readings.size() > KEPT) {
                readings.removeFirst();
            }
        }
    }

    /** Whether a gateway has answered. */
    public boolean answered() {
        return answered;
    }

    /** The seconds that are known of a release, those after a moment, the oldest first. */
    public synchronized List<Point> points(String release, Instant after) {
        Track track = tracks.get(release);
        if (track == null) {
            return List.of();
        }
        List<Reading> readings = new ArrayList<>(track.readings);
        List<Point> points = new ArrayList<>();
        for (int i = 1; i < readings.size(); i++) {
            if (readings.get(i).at.isAfter(after)) {
                points.add(over(readings.subList(Math.max(0, i - WINDOW), i + 1)));
            }
        }
        return points;
    }

    /** What happened in the last while: at most what is kept. */
    public synchronized Point last(String release, Duration window) {
        Track track = tracks.get(release);
        if (track == null || track.readings.isEmpty()) {
            return new Point(clock.instant(), 0, Sum.NONE, Sum.NONE);
        }
        Instant since = track.readings.getLast().at.minus(window);
        return over(track.readings.stream()
                .filter(reading -> !reading.at.isBefore(since))
                .toList());
    }

    private static Point over(List<Reading> readings) {
        Reading now = readings.getLast();
        Sum primary = Sum.NONE;
        Sum canary = Sum.NONE;
        for (Map.Entry<String, Pair> gateway : now.gateways.entrySet()) {
            Pair later = gateway.getValue();
            Pair earlier = before(gateway.getKey(), later.started, readings);
            primary = primary.plus(later.primary.since(earlier.primary));
            canary = canary.plus(later.canary.since(earlier.canary));
        }
        Instant began = readings.getFirst().at;
        return new Point(now.at, Duration.between(began, now.at).toMillis() / 1000.0, primary, canary);
    }

    /** A gateway that started since then has counted all of it since; of another one that did not answer then, the first answer counts. */
    private static Pair before(String gateway, Instant started, List<Reading> readings) {
        if (started.isAfter(readings.getFirst().at)) {
            return new Pair(started, Sum.NONE, Sum.NONE);
        }
        return readings.stream()
                .map(reading -> reading.gateways.get(gateway))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }

    /** Somebody looks at a release, until the result is closed. */
    public synchronized Look look(String release) {
        lookers.merge(release, 1, Integer::sum);
        return () -> leave(release);
    }

    private synchronized void leave(String release) {
        lookers.computeIfPresent(release, (_, count) -> count == 1 ? null : count - 1);
    }

    /** Somebody who looks. */
    @FunctionalInterface
    public interface Look extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    public void close() {
        reader.interrupt();
        try {
            reader.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
