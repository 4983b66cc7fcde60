package dev.linnet.machine.autoscaling;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an autoscaler remembers. Kept in memory only, as in Kubernetes: a new controller begins anew.
 *
 * @param recommendations sizes that it has thought right, before anything limited them
 * @param changes         by how much it has changed the size, negative for fewer
 */
record History(List<Entry> recommendations, List<Entry> changes) {
    /** The longest window and period that Kubernetes allows. */
    private static final Duration LONGEST = Duration.ofHours(1);

    static final History NONE = new History(List.of(), List.of());

    record Entry(Instant at, int count) {}

    History {
        recommendations = List.copyOf(recommendations);
        changes = List.copyOf(changes);
    }

    /** The first recommendation is what is there: else a new controller would forget a window that is not over. */
    History begunWith(int current, Instant now) {
        return recommendations.isEmpty() ? recommended(current, now) : this;
    }

    History recommended(int replicas, Instant now) {
        return new History(added(recommendations, new Entry(now, replicas)), changes);
    }

    History changed(int by, Instant now) {
        return new History(recommendations, added(changes, new Entry(now, by)));
    }

    private static List<Entry> added(List<Entry> entries, Entry entry) {
        List<Entry> kept = new ArrayList<>();
        entries.stream().filter(each -> isWithin(each, LONGEST, entry.at())).forEach(kept::add);
        kept.add(entry);
        return kept;
    }

    private static boolean isWithin(Entry entry, Duration window, Instant now) {
        return entry.at().isAfter(now.minus(window));
    }

    int lowestRecommendation(Duration window, Instant now, int atMost) {
        return recent(window, now).mapToInt(Entry::count).reduce(atMost, Math::min);
    }

    int highestRecommendation(Duration window, Instant now, int atLeast) {
        return recent(window, now).mapToInt(Entry::count).reduce(atLeast, Math::max);
    }

    private Stream<Entry> recent(Duration window, Instant now) {
        return recommendations.stream().filter(each -> isWithin(each, window, now));
    }

    /** How many replicas more there are than at the begin of a period, as far as the autoscaler has changed that. */
    int changeWithin(Duration period, Instant now) {
        return changes.stream()
                .filter(each -> isWithin(each, period, now))
                .mapToInt(Entry::count)
                .sum();
    }
}
