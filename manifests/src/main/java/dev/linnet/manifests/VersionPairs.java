package dev.linnet.manifests;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which destinations of one object's rules are the two versions of one thing. Where that is released together with others, each rule for one
 * of the two must be able to give a request the other one, also rules that name only one of them: those for testers, or for some callers.
 *
 * @param <D> a destination
 */
public final class VersionPairs<D> {
    private final Map<D, Pair<D>> ofEach = new HashMap<>();

    /** Two versions of one thing. */
    public record Pair<D>(D primary, D canary) {}

    private VersionPairs() {}

    /**
     * The pairs of some rules. Of a rule with several destinations the first two are a pair, the first being the primary; of what only stands
     * alone in rules, the last one is the primary of the one before it that is of the same thing.
     *
     * @param rules destinations of each rule
     * @param thing what a destination is a version of; empty if that cannot be told
     */
    public static <D> VersionPairs<D> of(List<List<D>> rules, Function<D, Optional<?>> thing) {
        VersionPairs<D> pairs = new VersionPairs<>();
        rules.stream().filter(rule -> rule.size() > 1).forEach(rule -> pairs.add(rule.get(0), rule.get(1)));
        Map<Object, D> primaries = new LinkedHashMap<>();
        for (List<D> rule : rules.reversed()) {
            if (rule.size() != 1 || pairs.ofEach.containsKey(rule.getFirst())) {
                continue;
            }
            D alone = rule.getFirst();
            thing.apply(alone).ifPresent(of -> {
                D primary = primaries.putIfAbsent(of, alone);
                if (primary != null) {
                    pairs.add(primary, alone);
                }
            });
        }
        return pairs;
    }

    private void add(D primary, D canary) {
        if (!primary.equals(canary) && !ofEach.containsKey(primary) && !ofEach.containsKey(canary)) {
            Pair<D> pair = new Pair<>(primary, canary);
            ofEach.put(primary, pair);
            ofEach.put(canary, pair);
        }
    }

    /** The pair that a rule is about: that of its first destination. */
    public Optional<Pair<D>> of(List<D> destinations) {
        @Nullable Pair<D> pair = destinations.isEmpty() ? null : ofEach.get(destinations.getFirst());
        return Optional.ofNullable(pair);
    }

    /**
     * All that the requests of a rule may meet: the two versions in front, then what else it names.
     *
     * @param named   by the rule
     * @param version which destination each is
     * @param unnamed what stands for a version that the rule does not name
     */
    public static <T, D> List<T> versions(Pair<D> pair, List<T> named, Function<T, D> version, Function<D, T> unnamed) {
        Map<D, T> all = new LinkedHashMap<>();
        all.put(pair.primary, unnamed.apply(pair.primary));
        all.put(pair.canary, unnamed.apply(pair.canary));
        named.forEach(each -> all.put(version.apply(each), each));
        return List.copyOf(all.values());
    }
}
