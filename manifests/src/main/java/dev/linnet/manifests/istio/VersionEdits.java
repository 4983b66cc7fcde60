package dev.linnet.manifests.istio;

import dev.linnet.manifests.RuleEdits;
import dev.linnet.routing.policy.HeadEdits;
import java.util.List;

/**
 * What a rule changes in heads, and what each of its destinations does. With several of them the rule has the last word, with one of them the
 * destination (spec §1.18).
 *
 * @param ofRule of all of its requests
 * @param each   of those that meet a destination besides, in the order of the destinations
 */
record VersionEdits(HeadEdits ofRule, List<HeadEdits> each) {
    /**
     * Of one rule.
     *
     * @param named how many destinations the rule names
     * @param each  of whom its requests may meet: more of them, if it is released together with others
     */
    static VersionEdits of(HeadEdits ofRule, int named, List<HeadEdits> each) {
        if (named > 1) {
            return new VersionEdits(
                    ofRule, each.stream().map(edits -> before(edits, ofRule)).toList());
        }
        if (each.size() == 1) {
            return new VersionEdits(after(ofRule, each.getFirst()), List.of(HeadEdits.NONE));
        }
        RuleEdits rule = RuleEdits.of(ofRule, each);
        return new VersionEdits(
                rule.kept(),
                each.stream().map(edits -> after(rule.moved(), edits)).toList());
    }

    /** The first, of which the last replace some, then the last. All that is removed is removed before anything is put in. */
    private static HeadEdits after(HeadEdits first, HeadEdits last) {
        return new HeadEdits(after(first.request(), last.request()), after(first.answer(), last.answer()));
    }

    private static HeadEdits.Lines after(HeadEdits.Lines first, HeadEdits.Lines last) {
        return first.without(last.replaced()).and(last);
    }

    /** What is left of the first, of which the last replace or remove some. */
    private static HeadEdits before(HeadEdits first, HeadEdits last) {
        return new HeadEdits(before(first.request(), last.request()), before(first.answer(), last.answer()));
    }

    private static HeadEdits.Lines before(HeadEdits.Lines first, HeadEdits.Lines last) {
        return first.without(last.drop()).without(last.replaced());
    }
}
