package dev.linnet.console.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class PhrasesTest {
    private static final Pattern FACT = Pattern.compile("\\{([0-9])}");

    /** A fact alone begins with a letter that no sentence has, so that none is taken for a sentence. */
    private static String filled(String form) {
        return FACT.matcher(form).replaceAll("§$1");
    }

    static Stream<String[]> pairs() {
        return Phrases.load("zh").pairs().stream();
    }

    /** So none hides behind another that fits as well. */
    @ParameterizedTest
    @MethodSource("pairs")
    void eachSentenceIsFoundAndKeepsItsFacts(String english, String chinese) {
        assertThat(Words.in(Language.CHINESE).told(filled(english))).isEqualTo(filled(chinese));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Host app.example.com has rules of its own. | 主机 app.example.com 有自己的规则。
            Header X-Canary (always or never) of Ingress default/web-canary: takes the request. | Ingress default/web-canary 的请求头规则 X-Canary (always or never)：接收该请求。
            Access: one of: only from [10.0.0.0/8]; only with a password of Secret a/b. | 访问限制：满足其一：只允许来自 [10.0.0.0/8]；只允许持有 Secret a/b 中的密码。
            Access: only from [10.0.0.0/8]. | 访问限制：只允许来自 [10.0.0.0/8]。
            Halt podinfo.test advancement success rate 45.00% < 99% | 暂停推进 podinfo.test：成功率 45.00% < 99%
            12 of 40 requests failed, of the primary's 0 of 360 | 40 个请求中有 12 个失败，主版本的 360 个中有 0 个失败
            spec.analysis.stepWeight is 120 (expected: 1 to 100) | spec.analysis.stepWeight 为 120（应为：1 到 100）
            canary test/web-canary:80 (Ingress test/web-canary) | 金丝雀 test/web-canary:80（Ingress test/web-canary）
            Abort asked for by ann is refused: no version is being tried out | 中止，由 ann 要求，被拒绝：没有正在试运行的版本
            Halt podinfo.test advancement external check smoke failed http://127.0.0.1:9/: no answer within 500 ms | 暂停推进 podinfo.test：外部检查 smoke 失败：http://127.0.0.1:9/：500 毫秒内没有应答
            Halt podinfo.test advancement external check smoke failed command curl -f http://a/ failed: exit status 22 | 暂停推进 podinfo.test：外部检查 smoke 失败：命令 curl -f http://a/ 失败：退出码 22
            spec.a[0] is "digest" (expected: one of them): nobody may use its routes until it is corrected | spec.a[0] 为 "digest"（应为：其中之一）：在更正之前，任何人都不能使用它的路由
            spec.a[1] is "x", which ingress-nginx has no longer (expected: both); endpoints take turns | spec.a[1] 为 "x"，ingress-nginx 已不再支持（应为：两者都有）；端点轮流接收请求
            spec.a[2] has no effect (expected beside it: affinity: cookie) | spec.a[2] 不起作用（还应有：affinity: cookie）
            """)
    void whatIsSaidInEnglishIsSaidInChinese(String english, String chinese) {
        assertThat(Words.in(Language.CHINESE).told(english)).isEqualTo(chinese);
    }

    @Test
    void aWebhookMayAnswerInSeveralLines() {
        assertThat(
                        Words.in(Language.CHINESE)
                                .told(
                                        "Halt podinfo.test advancement pre-rollout check smoke failed two tests failed:\n- cart\n- till"))
                .isEqualTo("暂停推进 podinfo.test：发布前检查 smoke 失败：two tests failed:\n- cart\n- till");
    }

    @Test
    void whatNobodyHasTranslatedStaysAsItIs() {
        assertThat(Words.in(Language.CHINESE).told("load test failed: exit code 7"))
                .isEqualTo("load test failed: exit code 7");
        assertThat(Words.in(Language.ENGLISH).told("Host h has rules of its own."))
                .isEqualTo("Host h has rules of its own.");
    }
}
