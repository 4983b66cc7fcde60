package dev.linnet.manifests.ingress;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Who answers instead of errors (spec of ingress-nginx, §3.9). */
final class ErrorAnnotations {
    static final String CODES_EXPECTED = "numbers from 400 to 599, separated by commas";

    static final List<String> NAMES = List.of();

    private ErrorAnnotations() {}

    /** Empty if one of them is none. */
    static Optional<Set<Integer>> codes(String text) {
        Set<Integer> codes = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            OptionalLong code = Sizes.wholeNumber(part.strip());
            if (code.isEmpty() || code.getAsLong() < 400 || code.getAsLong() > 599) {
                return Optional.empty();
            }
            codes.add((int) code.getAsLong());
        }
        return Optional.of(codes);
    }
}
