package dev.linnet.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A command line: options that each take a value and may be repeated, and words. */
final class Options {
    private final Map<String, List<String>> values = new HashMap<>();
    private final List<String> words = new ArrayList<>();

    /**
     * @param known names of options, each with its two dashes
     * @throws IllegalArgumentException if an option is not known or lacks its value
     */
    Options(List<String> arguments, Set<String> known) {
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            if (!argument.startsWith("--")) {
                words.add(argument);
            } else if (known.contains(argument) && rest.hasNext()) {
                values.computeIfAbsent(argument, _ -> new ArrayList<>()).add(rest.next());
            } else {
                throw new IllegalArgumentException(
                        "option is " + argument + " (expected: one of " + known + ", and a value behind it)");
            }
        }
    }

    /** The last value of an option. */
    int number(String name, int otherwise) {
        List<String> said = all(name);
        return said.isEmpty() ? otherwise : Integer.parseInt(said.getLast());
    }

    /** All values of an option. */
    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** What is no option. */
    List<String> words() {
        return List.copyOf(words);
    }
}
