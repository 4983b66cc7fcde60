package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Retries;
import dev.linnet.routing.policy.Retries.On;
import java.time.Duration;
import java.util.EnumSet;
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
            return new Retries(usual.on(), within, nonIdempotent);
        }
        Set<On> on = EnumSet.noneOf(On.class);
        boolean repeats = nonIdempotent;
        boolean off = false;
        for (String word : words.get().split("\\s+", -1)) {
            switch (word) {
                case "off" -> off = true;
                case "non_idempotent" -> repeats = true;
                default -> {
                    Optional<On> condition = condition(word);
                    if (condition.isEmpty()) {
                        bad.accept(EXPECTED);
                        return new Retries(usual.on(), within, nonIdempotent);
                    }
                    on.add(condition.get());
                }
            }
        }
        return off ? new Retries(Set.of(), within, repeats) : new Retries(on, within, repeats);
    }

    private static Optional<On> condition(String word) {
        return switch (word) {
            case "error" -> Optional.of(On.ERROR);
            case "timeout" -> Optional.of(On.TIMEOUT);
            case "invalid_header" -> Optional.of(On.INVALID_HEADER);
            case "http_500" -> Optional.of(On.HTTP_500);
            case "http_502" -> Optional.of(On.HTTP_502);
            case "http_503" -> Optional.of(On.HTTP_503);
            case "http_504" -> Optional.of(On.HTTP_504);
            case "http_403" -> Optional.of(On.HTTP_403);
            case "http_404" -> Optional.of(On.HTTP_404);
            case "http_429" -> Optional.of(On.HTTP_429);
            default -> Optional.empty();
        };
    }
}
