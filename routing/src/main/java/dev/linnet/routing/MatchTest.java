package dev.linnet.routing;

import com.google.re2j.Pattern;
import dev.linnet.routing.MatchRule.Condition;
import dev.linnet.routing.policy.AddressRanges;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Combined rules, ready to be asked: takes a request if all conditions of one rule hold. */
final class MatchTest implements Selection {
    private final Test[][] rules;

    private MatchTest(Test[][] rules) {
        this.rules = rules;
    }

    static Selection of(List<MatchRule> rules, String crowd) {
        return rules.isEmpty()
                ? Selection.ABSENT
                : new MatchTest(rules.stream().map(rule -> tests(rule, crowd)).toArray(Test[][]::new));
    }

    /** Users come last: a user without an id gets one only if all else holds. */
    private static Test[] tests(MatchRule rule, String crowd) {
        return rule.conditions().stream()
                .sorted(Comparator.comparing(condition -> condition instanceof Condition.UserIsIn))
                .map(condition -> test(condition, crowd))
                .toArray(Test[]::new);
    }

    @FunctionalInterface
    private interface Test {
        boolean holds(RequestView request, Dealer dealer);
    }

    @Override
    public Verdict ask(RequestView request, Dealer dealer) {
        for (Test[] rule : rules) {
            if (allHold(rule, request, dealer)) {
                return Verdict.TAKES;
            }
        }
        return Verdict.PASSES;
    }

    private static boolean allHold(Test[] rule, RequestView request, Dealer dealer) {
        for (Test test : rule) {
            if (!test.holds(request, dealer)) {
                return false;
            }
        }
        return true;
    }

    private static Test test(Condition condition, String crowd) {
        return switch (condition) {
            case Condition.HeaderIs(String name, String value) -> header(new HeaderLines(name), bytes(value));
            case Condition.HeaderMatches(String name, Pattern pattern) -> header(new HeaderLines(name), pattern);
            case Condition.CookieIs(String name, String value) -> cookie(new Cookies(name), bytes(value));
            case Condition.QueryIs(String name, String value) -> new QueryParameter(name, value)::isIn;
            case Condition.PathMatches(Pattern pattern) ->
                (request, _) -> isFound(pattern, request.bytes(), request.pathStart(), request.pathEnd());
            case Condition.MethodIs(String method) -> method(bytes(method));
            case Condition.From(AddressRanges networks) -> (request, _) -> networks.contains(request.clientAddress());
            case Condition.UserIsIn(CanarySelector.Share share, CanarySelector.UserKey key) ->
                user(Shares.part(share), Users.of(key, crowd));
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Test header(HeaderLines lines, byte[] value) {
        return (request, _) -> {
            for (int line = lines.next(request, 0); line >= 0; line = lines.next(request, line + 1)) {
                if (Bytes.equal(value, request.bytes(), request.valueStart(line), request.valueEnd(line))) {
                    return true;
                }
            }
            return false;
        };
    }

    private static Test header(HeaderLines lines, Pattern pattern) {
        return (request, _) -> {
            for (int line = lines.next(request, 0); line >= 0; line = lines.next(request, line + 1)) {
                if (isFound(pattern, request.bytes(), request.valueStart(line), request.valueEnd(line))) {
                    return true;
                }
            }
            return false;
        };
    }

    private static boolean isFound(Pattern pattern, byte[] bytes, int start, int end) {
        return pattern.matcher(Arrays.copyOfRange(bytes, start, end)).find();
    }

    private static Test cookie(Cookies cookies, byte[] value) {
        return (request, _) -> {
            long found = cookies.find(request);
            return found != Cookies.NONE
                    && Bytes.equal(value, request.bytes(), Cookies.start(found), Cookies.end(found));
        };
    }

    private static Test method(byte[] method) {
        return (request, _) -> Bytes.equal(method, request.bytes(), request.methodStart(), request.methodEnd());
    }

    private static Test user(long part, Users users) {
        return (request, dealer) -> {
            long bucket = users.bucket(request, dealer);
            return bucket != Users.UNKNOWN && bucket < part;
        };
    }
}
