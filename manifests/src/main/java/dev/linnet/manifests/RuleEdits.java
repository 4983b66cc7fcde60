package dev.linnet.manifests;

import dev.linnet.routing.policy.HeadEdits;
import dev.linnet.routing.policy.HeaderLine;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a rule changes in heads, where its backends change heads differently, after the rule. Copies of requests and answers of the gateway
 * itself meet no backend, so the rule keeps what it can. But a line that it has put in cannot be taken out again: one that a backend
 * replaces or removes is put in by each backend.
 *
 * @param kept  by the rule
 * @param moved what each backend does before its own
 */
public record RuleEdits(HeadEdits kept, HeadEdits moved) {
    /** @param backends what each does */
    public static RuleEdits of(HeadEdits rule, List<HeadEdits> backends) {
        Predicate<String> request = taken(backends.stream().map(HeadEdits::request));
        Predicate<String> answer = taken(backends.stream().map(HeadEdits::answer));
        return new RuleEdits(
                new HeadEdits(kept(rule.request(), request), kept(rule.answer(), answer)),
                new HeadEdits(moved(rule.request(), request), moved(rule.answer(), answer)));
    }

    /** Names of which a backend replaces or removes lines. */
    private static Predicate<String> taken(Stream<HeadEdits.Lines> backends) {
        Set<String> names = backends.flatMap(lines -> Stream.concat(
                        lines.drop().stream(), lines.set().stream().map(HeaderLine::name)))
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        return name -> names.contains(name.toLowerCase(Locale.ROOT));
    }

    private static HeadEdits.Lines kept(HeadEdits.Lines rule, Predicate<String> taken) {
        return new HeadEdits.Lines(rule.drop(), named(rule.set(), taken.negate()), named(rule.add(), taken.negate()));
    }

    private static HeadEdits.Lines moved(HeadEdits.Lines rule, Predicate<String> taken) {
        return new HeadEdits.Lines(List.of(), named(rule.set(), taken), named(rule.add(), taken));
    }

    private static List<HeaderLine> named(List<HeaderLine> lines, Predicate<String> wanted) {
        return lines.stream().filter(line -> wanted.test(line.name())).toList();
    }
}
