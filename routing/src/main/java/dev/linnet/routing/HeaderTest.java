package dev.linnet.routing;

import com.google.re2j.Pattern;
import dev.linnet.routing.CanarySelector.HeaderRule;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A header rule, ready to be asked about bytes (spec of ingress-nginx, §1.7). Lines of one name count as one value, joined by
 * {@code ", "} ({@code "; "} for Cookie).
 */
final class HeaderTest {
    private HeaderTest() {}

    static Selection of(Optional<HeaderRule> rule) {
        return rule.map(HeaderTest::of).orElse(Selection.ABSENT);
    }

    private static Selection of(HeaderRule rule) {
        HeaderLines lines = new HeaderLines(rule.name());
        return switch (rule) {
            case HeaderRule.AlwaysNever _ -> new AlwaysNever(lines);
            case HeaderRule.Value value -> new Value(lines, value.value());
            case HeaderRule.Matches matches -> new Matches(lines, matches.pattern());
            case HeaderRule.Broken _ -> new Broken(lines);
        };
    }

    private record AlwaysNever(HeaderLines lines) implements Selection {
        @Override
        public Verdict ask(RequestView request, Dealer dealer) {
            int line = lines.next(request, 0);
            if (line < 0 || lines.next(request, line + 1) >= 0) {
                return Verdict.PASSES; // absent, or joined lines: "always, never" is neither word
            }
            return Words.ask(request.bytes(), request.valueStart(line), request.valueEnd(line));
        }
    }

    private static final class Value implements Selection {
        private final HeaderLines lines;
        private final byte[] expected;

        Value(HeaderLines lines, String expected) {
            this.lines = lines;
            this.expected = expected.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Verdict ask(RequestView request, Dealer dealer) {
            int line = lines.next(request, 0);
            return line >= 0 && lines.joinedEquals(request, line, expected) ? Verdict.TAKES : Verdict.PASSES;
        }
    }

    private record Matches(HeaderLines lines, Pattern pattern) implements Selection {
        @Override
        public Verdict ask(RequestView request, Dealer dealer) {
            int line = lines.next(request, 0);
            return line >= 0 && pattern.matcher(lines.joined(request, line)).find() ? Verdict.TAKES : Verdict.PASSES;
        }
    }

    private record Broken(HeaderLines lines) implements Selection {
        @Override
        public Verdict ask(RequestView request, Dealer dealer) {
            return lines.next(request, 0) >= 0 ? Verdict.REFUSES : Verdict.PASSES;
        }
    }
}
