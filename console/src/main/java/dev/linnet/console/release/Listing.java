package dev.linnet.console.release;

import dev.linnet.rollout.run.Phase;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Which releases are listed, and in which order.
 *
 * @param text  part of namespace or name, in any case; empty for all
 * @param group of phases
 */
public record Listing(String text, Group group, Order order, boolean descending) {

    /** Which phases. */
    public enum Group {
        ALL,
        RUNNING,
        /** Those that wait for a person. */
        WAITING,
        FAILED,
        RESTING;

        /** Whether a release is one of them. */
        public boolean has(Release release) {
            return switch (this) {
                case ALL -> true;
                case RUNNING -> release.phase().isRunning() || release.phase() == Phase.INITIALIZING;
                case WAITING -> release.waitsForPerson();
                case FAILED -> release.phase() == Phase.FAILED;
                case RESTING -> release.phase() == Phase.SUCCEEDED || release.phase() == Phase.INITIALIZED;
            };
        }

        /** As it is written in addresses. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** By what. */
    public enum Order {
        NAME,
        PHASE,
        WEIGHT,
        STEP,
        CHECKS,
        AGE;

        private Comparator<Release> comparator() {
            return switch (this) {
                case NAME -> Comparator.comparing(Release::key);
                case PHASE -> Comparator.comparing(Release::phase);
                case WEIGHT -> Comparator.comparingInt(Release::weight);
                case STEP -> Comparator.comparingInt(release -> release.steps().done());
                case CHECKS -> Comparator.comparingInt(Release::failedChecks);
                case AGE -> Comparator.comparing(Release::since).reversed();
            };
        }

        /** As it is written in addresses. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** From an address; what is not understood is as usual. */
    public static Listing of(String text, String group, String order, String direction) {
        return new Listing(
                text.strip().toLowerCase(Locale.ROOT),
                named(Group.values(), group, Group.ALL),
                named(Order.values(), order, Order.NAME),
                direction.equals("down"));
    }

    private static <E extends Enum<E>> E named(E[] values, String word, E usual) {
        return Arrays.stream(values)
                .filter(value -> value.name().equalsIgnoreCase(word))
                .findFirst()
                .orElse(usual);
    }

    public List<Release> of(List<Release> all) {
        Comparator<Release> comparator = descending ? order.comparator().reversed() : order.comparator();
        return all.stream()
                .filter(group::has)
                .filter(release -> release.key().toLowerCase(Locale.ROOT).contains(text))
                .sorted(comparator.thenComparing(Release::key))
                .toList();
    }
}
