package dev.linnet.cli.demo;

import java.util.Map;
import java.util.TreeMap;

/**
 * How many requests each version answered, and how many failed.
 *
 * @param versions by version: answers below 500, and answers of 500 and above
 * @param lost     requests that no version answered: the gateway's own errors, broken connections, time-outs
 */
record Tally(Map<String, Count> versions, long lost) {
    static final Tally NONE = new Tally(Map.of(), 0);

    Tally {
        versions = Map.copyOf(versions);
    }

    record Count(long ok, long failed) {
        static final Count NONE = new Count(0, 0);

        long all() {
            return ok + failed;
        }
    }

    Count of(String version) {
        return versions.getOrDefault(version, Count.NONE);
    }

    long answered() {
        return versions.values().stream().mapToLong(Count::all).sum();
    }

    /** Part of the answered requests that this version answered, in percent. */
    double share(String version) {
        return answered() == 0 ? 0 : 100.0 * of(version).all() / answered();
    }

    /** What happened since {@code earlier}. */
    Tally since(Tally earlier) {
        Map<String, Count> difference = new TreeMap<>();
        versions.forEach((version, now) -> {
            Count then = earlier.of(version);
            Count gained = new Count(now.ok - then.ok, now.failed - then.failed);
            if (gained.all() > 0) {
                difference.put(version, gained);
            }
        });
        return new Tally(difference, lost - earlier.lost);
    }
}
