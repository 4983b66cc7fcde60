package dev.linnet.manifests.istio;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Things that are said of hosts, or of patterns with a star in front, found without a look at all of them. Immutable. */
final class ByHost<T> {
    private final Map<String, List<T>> hosts = new HashMap<>();
    private final Map<String, List<T>> patterns =
            new TreeMap<>(Names.NARROWEST_LAST.reversed().thenComparing(name -> name));

    /** @param names of a thing */
    ByHost(Collection<T> things, Function<T, Collection<String>> names) {
        for (T thing : things) {
            names.apply(thing).stream()
                    .distinct()
                    .forEach(name -> (name.startsWith("*") ? patterns : hosts)
                            .computeIfAbsent(name, _ -> new ArrayList<>())
                            .add(thing));
        }
    }

    /** What is said of a host: by its own name, then by each pattern that covers it, the narrowest first; each in the order of the things. */
    Stream<List<T>> of(String host) {
        return Stream.concat(
                Optional.ofNullable(hosts.get(host)).stream(),
                patterns.entrySet().stream()
                        .filter(pattern -> Names.covers(pattern.getKey(), host))
                        .map(Map.Entry::getValue));
    }
}
