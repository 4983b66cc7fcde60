package dev.linnet.routing.policy;

import java.util.List;

/**
 * What a route changes in heads (spec of Istio, §1.18): first lines are dropped, then replaced, then added.
 *
 * @param request what backends get
 * @param answer  what clients get, whoever answers
 */
public record HeadEdits(Lines request, Lines answer) {
    /** Nothing. */
    public static final HeadEdits NONE = new HeadEdits(Lines.NONE, Lines.NONE);

    public boolean isNone() {
        return equals(NONE);
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

        public Lines {
            drop = List.copyOf(drop);
            set = List.copyOf(set);
            add = List.copyOf(add);
        }
    }
}
