package dev.linnet.routing;

import dev.linnet.routing.CanarySelector.CookieRule;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Cookie rules, ready to be asked. Without a rule nobody asks: nginx would look for a cookie without a name (§1.8, not copied). */
final class CookieTest {
    private CookieTest() {}

    static Selection of(Optional<CookieRule> rule) {
        return rule.map(CookieTest::of).orElse(Selection.ABSENT);
    }

    private static Selection of(CookieRule rule) {
        Cookies cookies = new Cookies(rule.name());
        return switch (rule) {
            case CookieRule.AlwaysNever _ -> new AlwaysNever(cookies);
            case CookieRule.Value value -> new Value(cookies, value.value().getBytes(StandardCharsets.UTF_8));
        };
    }

    private record AlwaysNever(Cookies cookies) implements Selection {
        @Override
        public Verdict ask(RequestView request, Dealer dealer) {
            long found = cookies.find(request);
            return found == Cookies.NONE
                    ? Verdict.PASSES
                    : Words.ask(request.bytes(), Cookies.start(found), Cookies.end(found));
        }
    }

    private static final class Value implements Selection {
        private final Cookies cookies;
        private final byte[] expected;

        Value(Cookies cookies, byte[] expected) {
            this.cookies = cookies;
            this.expected = expected;
        }

        @Override
        public Verdict ask(RequestView request, Dealer dealer) {
            long found = cookies.find(request);
            if (found == Cookies.NONE) {
                return Verdict.PASSES;
            }
            if (Bytes.equal(expected, request.bytes(), Cookies.start(found), Cookies.end(found))) {
                return Verdict.TAKES;
            }
            return Words.isNever(request.bytes(), Cookies.start(found), Cookies.end(found))
                    ? Verdict.REFUSES
                    : Verdict.PASSES;
        }
    }
}
