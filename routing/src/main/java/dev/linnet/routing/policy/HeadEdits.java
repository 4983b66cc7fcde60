package dev.linnet.routing.policy;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a route changes in heads (spec of Istio, §1.18): first lines are dropped, then replaced, then added.
 *
 * @param request what backends get; a Host that is set is another one than the client's
 * @param answer  what clients get, whoever answers
 */
public record HeadEdits(Lines request, Lines answer) {
    /** Nothing. */
    public static final HeadEdits NONE = new HeadEdits(Lines.NONE, Lines.NONE);

    public boolean isNone() {
        return equals(NONE);
    }

    /** Another Host for the backend, besides. */
    public HeadEdits withHost(String host) {
        return new HeadEdits(
                request.and(new Lines(List.of(), List.of(new HeaderLine(Lines.HOST, host)), List.of())), answer);
    }

    /** Without another Host. */
    public HeadEdits withoutHost() {
        return new HeadEdits(request.without(List.of(Lines.HOST)), answer);
    }

    /**
     * Changes of one head.
     *
     * @param drop names
     * @param set  in place of lines of the same name
     * @param add  beside them
     */
    public record Lines(List<String> drop, List<HeaderLine> set, List<HeaderLine> add) {
        public static final Lines NONE = new Lines(List.of(), List.of(), List.of());

        private static final String HOST = "Host";

        public Lines {
            drop = List.copyOf(drop);
            set = List.copyOf(set);
            add = List.copyOf(add);
        }

        /** Another Host than the client's. */
        public Optional<String> host() {
            return set.stream()
                    .filter(line -> line.name().equalsIgnoreCase(HOST))
                    .map(HeaderLine::value)
                    .findFirst();
        }

        /** Names of lines that it replaces. */
        public List<String> replaced() {
            return set.stream().map(HeaderLine::name).toList();
        }

        /** Without the lines of these names that it puts in; what it drops, it drops. */
        public Lines without(Collection<String> names) {
            return new Lines(drop, without(set, names), without(add, names));
        }

        /** Both as one: still all lines are dropped before any is put in. */
        public Lines and(Lines more) {
            return new Lines(joined(drop, more.drop), joined(set, more.set), joined(add, more.add));
        }

        private static List<HeaderLine> without(List<HeaderLine> lines, Collection<String> names) {
            return lines.stream()
                    .filter(line -> names.stream().noneMatch(line.name()::equalsIgnoreCase))
                    .toList();
        }

        private static <T> List<T> joined(List<T> first, List<T> more) {
            return Stream.concat(first.stream(), more.stream()).toList();
        }
    }
}
