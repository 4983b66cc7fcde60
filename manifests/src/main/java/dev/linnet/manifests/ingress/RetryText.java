package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Retries;
import dev.linnet.routing.policy.Retries.On;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The words of {@code proxy-next-upstream}, as annotation and as option (spec of ingress-nginx, §3.6). */
final class RetryText {
    static final String EXPECTED = "error, timeout, invalid_header, http_500, http_502, http_503, http_504, http_403,"
            + " http_404, http_429, non_idempotent, or nothing but off";

    private RetryText() {}

    /**
     * Puts the parts together.
     *
     * @param words nothing said: as usual
     * @param bad   told of what would be right if the words are not
     */
    static Retries read(
            Optional<String> words, Duration within, boolean nonIdempotent, Retries usual, Consumer<String> bad) {
        if (words.isEmpty()) {
            return new Retries(usual.on(), usual.statuses(), within, nonIdempotent);
        }
        Set<On> on = EnumSet.noneOf(On.class);
        Set<Integer> statuses = new HashSet<>();
        boolean repeats = nonIdempotent;
        boolean off = false;
        for (String word : words.get().split("\\s+", -1)) {
            switch (word) {
                case "off" -> off = true;
                case "non_idempotent" -> repeats = true;
                case "error" -> on.add(On.ERROR);
                case "timeout" -> on.add(On.TIMEOUT);
                case "invalid_header" -> on.add(On.INVALID_HEADER);
                case "http_500", "http_502", "http_503", "http_504", "http_403", "http_404", "http_429" ->
                    statuses.add(Integer.parseInt(word.substring("http_".length())));
                default -> {
                    bad.accept(EXPECTED);
                    return new Retries(usual.on(), usual.statuses(), within, nonIdempotent);
                }
            }
        }
        return off ? new Retries(Set.of(), Set.of(), within, repeats) : new Retries(on, statuses, within, repeats);
    }
}
