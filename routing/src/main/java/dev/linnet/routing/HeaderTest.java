package dev.linnet.routing;

import com.google.re2j.Pattern;
import dev.linnet.routing.CanarySelector.HeaderRule;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A header rule, ready to be asked about bytes (spec of ingress-nginx, §1.7). HeaderLines of one name count as one value, joined by
 * {@code ", "} ({@code "; "} for Cookie).
 */
sealed interface HeaderTest {
    Verdict ask(RequestView request);

    static HeaderTest of(Optional<HeaderRule> rule) {
        return rule.map(HeaderTest::of).orElse(Absent.ABSENT);
    }

    private static HeaderTest of(HeaderRule rule) {
        HeaderLines lines = new HeaderLines(rule.name());
        return switch (rule) {
            case HeaderRule.AlwaysNever _ -> new AlwaysNever(lines);
            case HeaderRule.Value value -> new Value(lines, value.value());
            case HeaderRule.Matches matches -> new Matches(lines, matches.pattern());
            case HeaderRule.Broken _ -> new Broken(lines);
        };
    }

    /** The canary has no header rule. */
    enum Absent implements HeaderTest {
        ABSENT;

        @Override
        public Verdict ask(RequestView request) {
            return Verdict.PASSES;
        }
    }

    record AlwaysNever(HeaderLines lines) implements HeaderTest {
        static final byte[] ALWAYS = "always".getBytes(StandardCharsets.US_ASCII);
        static final byte[] NEVER = "never".getBytes(StandardCharsets.US_ASCII);

        @Override
        public Verdict ask(RequestView request) {
            int line = lines.next(request, 0);
            if (line < 0 || lines.next(request, line + 1) >= 0) {
                return Verdict.PASSES; // absent, or joined lines: "always, never" is neither word
            }
            return word(request.bytes(), request.valueStart(line), request.valueEnd(line));
        }

        static Verdict word(byte[] bytes, int start, int end) {
            if (Bytes.equal(ALWAYS, bytes, start, end)) {
                return Verdict.TAKES;
            }
            return Bytes.equal(NEVER, bytes, start, end) ? Verdict.REFUSES : Verdict.PASSES;
        }
    }

    final class Value implements HeaderTest {
        private final HeaderLines lines;
        private final byte[] expected;

        Value(HeaderLines lines, String expected) {
            this.lines = lines;
            this.expected = expected.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Verdict ask(RequestView request) {
            int line = lines.next(request, 0);
            return line >= 0 && lines.joinedEquals(request, line, expected) ? Verdict.TAKES : Verdict.PASSES;
        }
    }

    record Matches(HeaderLines lines, Pattern pattern) implements HeaderTest {
        @Override
        public Verdict ask(RequestView request) {
            int line = lines.next(request, 0);
            return line >= 0 && pattern.matcher(lines.joined(request, line)).find() ? Verdict.TAKES : Verdict.PASSES;
        }
    }

    record Broken(HeaderLines lines) implements HeaderTest {
        @Override
        public Verdict ask(RequestView request) {
            return lines.next(request, 0) >= 0 ? Verdict.REFUSES : Verdict.PASSES;
        }
    }
}
