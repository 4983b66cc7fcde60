package dev.linnet.manifests.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.ingress.IngressReading.Role;
import dev.linnet.routing.CanarySelector;
import dev.linnet.routing.CanarySelector.CookieRule;
import dev.linnet.routing.CanarySelector.HeaderRule;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CanaryAnnotationsTest {
    private final List<Problem> problems = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"1", "t", "T", "TRUE", "true", "True"})
    void knowsEachSpellingOfTrue(String value) {
        assertThat(role(Map.of("canary", value))).isInstanceOf(Role.Canary.class);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "f", "F", "FALSE", "false", "False"})
    void isOrdinaryWhenSwitchedOff(String value) {
        assertThat(role(Map.of("canary", value, "canary-weight", "50"))).isInstanceOf(Role.Primary.class);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "on", "true ", " true", "TRue", "2", ""})
    void servesNothingWhenNobodyCanSayWhetherItIsACanary(String value) {
        assertThat(role(Map.of("canary", value))).isInstanceOf(Role.Nothing.class);
        assertThat(messages()).hasSize(1).allMatch(message -> message.contains("expected: \"true\" or \"false\""));
    }

    @ParameterizedTest(name = "weight {0} of {1}: {2}/{3}, {4} problems")
    @CsvSource(
            nullValues = "-",
            value = {
                "-,    -,    0,    100,  0",
                "0,    -,    0,    100,  0",
                "1,    -,    1,    100,  0",
                "100,  -,    100,  100,  0",
                "+5,   -,    5,    100,  0",
                "007,  -,    7,    100,  0",
                "1,    1000, 1,    1000, 0",
                "1000, 1000, 1000, 1000, 0",
                "100,  200,  100,  200,  0",
                "50,   100,  50,   100,  0",
                "50,   50,   50,   100,  1",
                "5,    10,   5,    100,  1",
                "100,  0,    100,  100,  1",
                "50,   -5,   50,   100,  1",
                "-1,   -,    0,    100,  1",
                "101,  -,    0,    100,  1",
                "150,  -,    0,    100,  1",
                "201,  200,  0,    100,  1",
                "12%,  -,    0,    100,  1",
                "0.5,  -,    0,    100,  1",
                "' 50',-,    0,    100,  1",
                "1_0,  -,    0,    100,  1",
                "'',   -,    0,    100,  1",
                "٥,    -,    0,    100,  1",
                "99999999999, -, 0, 100, 1",
                "50,   many, 0,    100,  1",
                "50,   99999999999, 0, 100, 1",
            })
    void readsWeights(String weight, String total, int share, int of, int problemCount) {
        Map<String, String> annotations = new HashMap<>();
        Optional.ofNullable(weight).ifPresent(value -> annotations.put("canary-weight", value));
        Optional.ofNullable(total).ifPresent(value -> annotations.put("canary-weight-total", value));

        Share read = selector(annotations).share();

        assertThat(read.weight()).isEqualTo(share);
        assertThat(share == 0 ? 100 : read.total()).isEqualTo(of);
        assertThat(problems).hasSize(problemCount);
    }

    @ParameterizedTest(name = "header {0}, value {1}, pattern {2}: {3}")
    @CsvSource(
            nullValues = "-",
            value = {
                "-,        -,        -,                 none,                       0",
                "X-Canary, -,        -,                 always or never,            0",
                "X_Canary, -,        -,                 always or never,            0",
                "X-Canary, ' ',      -,                 always or never,            0",
                "X-Canary, DoCanary, -,                 value DoCanary,             0",
                "X-Canary, two words,-,                 value two words,            0",
                "X-Canary, DoCanary, ^Do[A-Z][a-z]+y$,  value DoCanary,             1",
                "X-Canary, -,        ^Do[A-Z][a-z]+y$,  pattern ^Do[A-Z][a-z]+y$,   0",
                "X-Canary, -,        [[:alpha:]]+\\d,    pattern [[:alpha:]]+\\d,     0",
                "X-Canary, -,        [][**da?$&*,       broken [][**da?$&*,         1",
                "X-Canary, -,        (?=beta),          broken (?=beta),            1",
                "X-Canary, -,        a#b,               broken a#b,                 1",
                "X-Canary, 'a,b',    -,                 none,                       1",
                "X-Canary, wert=ä,   -,                 none,                       1",
                "X Canary, DoCanary, -,                 none,                       1",
                "X/Canary, -,        -,                 none,                       1",
                "X:Canary, -,        -,                 none,                       1",
                "X(),      -,        -,                 none,                       1",
                "-,        DoCanary, -,                 none,                       1",
                "-,        -,        ^Do,               none,                       1",
                "-,        DoCanary, ^Do,               none,                       2",
            })
    void readsHeaderRules(String name, String value, String pattern, String expected, int problemCount) {
        Map<String, String> annotations = new HashMap<>();
        Optional.ofNullable(name).ifPresent(text -> annotations.put("canary-by-header", text));
        Optional.ofNullable(value).ifPresent(text -> annotations.put("canary-by-header-value", text));
        Optional.ofNullable(pattern).ifPresent(text -> annotations.put("canary-by-header-pattern", text));

        Optional<HeaderRule> rule = selector(annotations).header();

        assertThat(rule.map(CanaryAnnotationsTest::written).orElse("none")).isEqualTo(expected);
        assertThat(problems).hasSize(problemCount);
    }

    private static String written(HeaderRule rule) {
        return switch (rule) {
            case HeaderRule.AlwaysNever _ -> "always or never";
            case HeaderRule.Value value -> "value " + value.value();
            case HeaderRule.Matches matches -> "pattern " + matches.pattern().pattern();
            case HeaderRule.Broken broken -> "broken " + broken.pattern();
        };
    }

    @ParameterizedTest
    @CsvSource({"users_from_x, users_from_x, 0", "' trimmed ', trimmed, 0", "'a b', '', 1", "a;b, '', 1", "'', '', 0"})
    void readsCookieNames(String value, String expected, int problemCount) {
        CanarySelector selector = selector(Map.of("canary-by-cookie", value));

        assertThat(selector.cookie().map(CookieRule::name).orElse("")).isEqualTo(expected);
        assertThat(problems).hasSize(problemCount);
    }

    @Test
    void saysWhatAnOrdinaryIngressCannotSay() {
        assertThat(role(Map.of("canary-weight", "20", "canary-by-cookie", "beta")))
                .isInstanceOf(Role.Primary.class);

        assertThat(messages())
                .containsExactly(
                        "metadata.annotations[nginx.ingress.kubernetes.io/canary-by-cookie] has no effect on an ordinary"
                                + " Ingress (expected beside it: canary: \"true\")",
                        "metadata.annotations[nginx.ingress.kubernetes.io/canary-weight] has no effect on an ordinary"
                                + " Ingress (expected beside it: canary: \"true\")");
    }

    private CanarySelector selector(Map<String, String> annotations) {
        Map<String, String> all = new HashMap<>(annotations);
        all.put("canary", "true");
        return role(all) instanceof Role.Canary(CanarySelector selector, var _, var _, var _)
                ? selector
                : new CanarySelector(Optional.empty(), Optional.empty(), Share.NONE);
    }

    private Role role(Map<String, String> annotations) {
        Map<String, String> prefixed = new HashMap<>();
        annotations.forEach((name, value) -> prefixed.put(Annotations.PREFIX + name, value));
        return CanaryAnnotations.role(
                new Annotations(new ObjectRef("Ingress", "shop", "web-canary"), prefixed, problems));
    }

    private List<String> messages() {
        return problems.stream()
                .map(problem -> problem.path() + " " + problem.message())
                .toList();
    }
}
