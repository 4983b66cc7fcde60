package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

/** Measured shares against asked-for ones, within five standard deviations of a fair draw. */
final class Share {
    private Share() {}

    /** @param part a text that the answers in question contain */
    static void assertShare(Map<String, Long> answers, String part, double share) {
        long all = answers.values().stream().mapToLong(Long::longValue).sum();
        long hits = answers.entrySet().stream()
                .filter(answer -> answer.getKey().contains(part))
                .mapToLong(Map.Entry::getValue)
                .sum();
        double deviation = Math.sqrt(all * share * (1 - share));
        assertThat((double) hits)
                .as("answers with '%s' of %d: %s", part, all, answers)
                .isBetween(all * share - 5 * deviation, all * share + 5 * deviation);
    }

    static void assertAll(Map<String, Long> answers, String part) {
        assertShare(answers, part, 1);
    }
}
