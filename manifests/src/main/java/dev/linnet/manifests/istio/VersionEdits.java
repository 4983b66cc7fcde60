package dev.linnet.manifests.istio;

import dev.linnet.manifests.istio.VirtualService.Destination;
import dev.linnet.routing.policy.HeadEdits;
import dev.linnet.routing.policy.HeaderLine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a rule changes in heads, and what each of its destinations does. With several of them the rule has the last word, with one of them the
 * destination (spec §1.18).
 *
 * @param ofRule of all of its requests
 * @param each   of those that meet a destination besides, in the order of the destinations
 */
record VersionEdits(HeadEdits ofRule, List<HeadEdits> each) {
    static VersionEdits of(HeadEdits ofRule, List<Destination> versions) {
        if (versions.size() == 1) {
            HeadEdits only = versions.getFirst().edits();
            return new VersionEdits(
                    new HeadEdits(after(ofRule.request(), only.request()), after(ofRule.answer(), only.answer())),
                    List.of(HeadEdits.NONE));
        }
        return new VersionEdits(
                ofRule,
                versions.stream()
                        .map(Destination::edits)
                        .map(edits -> new HeadEdits(
                                before(edits.request(), ofRule.request()), before(edits.answer(), ofRule.answer())))
                        .toList());
    }

    private static HeadEdits.Lines after(HeadEdits.Lines first, HeadEdits.Lines last) {
        HeadEdits.Lines kept = before(first, last);
        return new HeadEdits.Lines(
                joined(kept.drop(), last.drop()), joined(kept.set(), last.set()), joined(kept.add(), last.add()));
    }

    private static <T> List<T> joined(List<T> first, List<T> last) {
        return Stream.concat(first.stream(), last.stream()).toList();
    }

    /** What is left of changes, of which the last replace some. */
    private static HeadEdits.Lines before(HeadEdits.Lines first, HeadEdits.Lines last) {
        return new HeadEdits.Lines(first.drop(), without(first.set(), last.set()), without(first.add(), last.set()));
    }

    private static List<HeaderLine> without(List<HeaderLine> lines, List<HeaderLine> replaced) {
        List<HeaderLine> kept = new ArrayList<>(lines);
        kept.removeIf(line -> replaced.stream().anyMatch(other -> other.name().equalsIgnoreCase(line.name())));
        return kept;
    }
}
