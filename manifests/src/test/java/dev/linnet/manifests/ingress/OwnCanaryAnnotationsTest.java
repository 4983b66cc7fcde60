package dev.linnet.manifests.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.CanarySelector;
import dev.linnet.routing.CanarySelector.CookieRule;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.MatchRule;
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

final class OwnCanaryAnnotationsTest {
    private final List<Problem> problems = new ArrayList<>();

    private CanarySelector read(String... annotations) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < annotations.length; i += 2) {
            all.put(Annotations.OWN_PREFIX + annotations[i], annotations[i + 1]);
        }
        CanarySelector plain = new CanarySelector(Optional.empty(), Optional.of("foo"), Share.NONE);
        return OwnCanaryAnnotations.refine(
                plain, new Annotations(new ObjectRef("Ingress", "shop", "web-canary"), all, problems));
    }

    private List<String> conditions(String match) {
        return read("canary-match", match).matches().stream()
                .map(rule -> rule.conditions().toString())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "header:X-Beta=yes | HeaderIs[name=X-Beta, value=yes]",
                "header:X-Beta=\"yes, please\" | HeaderIs[name=X-Beta, value=yes, please]",
                "header:User-Agent~^Mozilla/5 | HeaderMatches[name=User-Agent, pattern=^Mozilla/5]",
                "cookie:plan=gold | CookieIs[name=plan, value=gold]",
                "query:v=2 | QueryIs[name=v, value=2]",
                "query:v=a=b | QueryIs[name=v, value=a=b]",
                "path~^/api/v[12]/ | PathMatches[pattern=^/api/v[12]/]",
                "method=POST | MethodIs[method=POST]",
                "cidr=10.0.0.0/8 | From[networks=10.0.0.0/8]",
                "share<0.5 | UserIsIn[share=Share[weight=50, total=10000], key=Address[]]",
            })
    void readsEachCondition(String text, String expected) {
        assertThat(conditions(text)).singleElement().asString().startsWith("[" + expected.strip());
        assertThat(problems).isEmpty();
    }

    @Test
    void readsLinesAsOrAndWordsAsAnd() {
        List<MatchRule> rules = read("canary-match", """
                        header:X-Beta=yes method=GET   path~^/api/

                        cidr=10.0.0.0/8,fd00::/8 share<10
                        """).matches();

        assertThat(rules).extracting(rule -> rule.conditions().size()).containsExactly(3, 2);
        assertThat(rules.getFirst()).hasToString("header:X-Beta=yes method=GET   path~^/api/");
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "header=yes",
                "header:X-Beta",
                "header:X-Beta<3",
                "header:X\u00e4=1",
                "header:X-Beta=\"yes",
                "header:X-Beta=a\"b",
                "header:X-Beta~[",
                "header:X-Beta~(?=a)",
                "path=/api",
                "path~(",
                "method=get",
                "cidr=example.com",
                "cidr=10.0.0.0/33",
                "share<101",
                "share=10",
                "jwt:sub=me",
                "true",
                "method=GET and cidr=10.0.0.0/8"
            })
    void tellsOfALineThatIsWrongAndKeepsTheOthers(String line) {
        assertThat(conditions(line + "\nmethod=PUT")).containsExactly("[MethodIs[method=PUT]]");
        assertThat(problems)
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.message()).contains("expected: ").endsWith("that line takes nothing"));
    }

    @ParameterizedTest
    @CsvSource({
        "cookie, Sticky[key=IssuedCookie[]], 0",
        "cookie:session, Sticky[key=Cookie[name=session]], 0",
        "header:X-User, Sticky[key=Header[name=X-User]], 0",
        "ip, Sticky[key=Address[]], 0",
        "'', Random[], 0",
        "Cookie, Random[], 1",
        "cookie:, Random[], 1",
        "header:a b, Random[], 1",
        "user, Random[], 1",
    })
    void readsWhatUsersAreKnownBy(String text, String expected, int problemCount) {
        assertThat(read("canary-sticky", text).spread()).hasToString(expected);
        assertThat(problems).hasSize(problemCount);
    }

    @Test
    void dealsUsersOfAShareByWhatTheyAreKnownBy() {
        CanarySelector selector = read("canary-sticky", "header:X-User", "canary-match", "share<10");

        assertThat(selector.matches().getFirst().conditions().toString()).contains("key=Header[name=X-User]");
    }

    @Test
    void takesUsersBeforeTurns() {
        assertThat(read("canary-exact", "true").spread()).hasToString("Exact[]");
        assertThat(read("canary-exact", "true", "canary-sticky", "ip").spread()).hasToString("Sticky[key=Address[]]");
        assertThat(problems)
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("no effect beside"));
    }

    @ParameterizedTest
    @CsvSource({"true, true, 0", "false, false, 0", "'', false, 0", "yes, false, 1", "TRUE, false, 1"})
    void readsSwitches(String text, boolean on, int problemCount) {
        assertThat(read("canary-failover", text).failover()).isEqualTo(on);
        assertThat(problems).hasSize(problemCount);
    }

    @Test
    void readsTheCookiesOwnValue() {
        assertThat(read("canary-by-cookie-value", "beta").cookie()).contains(new CookieRule.Value("foo", "beta"));
        assertThat(read("canary-by-cookie-value", "a;b").cookie()).contains(new CookieRule.AlwaysNever("foo"));
        assertThat(problems).hasSize(1);
    }
}
