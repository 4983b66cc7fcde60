package dev.linnet.manifests.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.CanarySide;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The limits of ingress-nginx's canaries that are settled when manifests are read (spec §9), and what must not leak from a canary (§2.8).
 */
final class CanaryLimitsTest {
    private final CanaryWorld world = new CanaryWorld();

    @Test
    void limitL01SeveralCanariesShareARoute() {
        world.primary("web", "/", "web");
        world.canary("v2", "/", "web-v2", "canary-weight", "10");
        world.canary("v3", "/", "web-v3", "canary-weight", "20");

        assertThat(world.canaries("/")).containsExactly("web-v2", "web-v3");
    }

    @Test
    void limitL02AttachesToTheRouteAndNotToTheService() {
        world.primary("web", "/", "web");
        world.primary("shared", "/other", "web");
        world.canary("v2", "/", "web-v2", "canary-weight", "10");

        assertThat(world.canaries("/")).containsExactly("web-v2");
        assertThat(world.canaries("/other")).isEmpty();
    }

    @Test
    void limitL03APathWithoutCounterpartHarmsNoOther() {
        world.primary("web", "/a", "web");
        world.canary("stray", "/nowhere", "web-v2", "canary-weight", "10");
        world.canary("v2", "/a", "web-v2", "canary-weight", "10");

        assertThat(world.canaries("/a")).containsExactly("web-v2");
        assertThat(world.problems()).singleElement().asString().startsWith("CanaryNotAttached");
    }

    /** G5, the cross canary, too. */
    @Test
    void limitL04AServiceMayBeCanaryHereAndPrimaryThere() {
        world.canary("b-canary", "/b", "svc-1", "canary-weight", "10");
        world.primary("a", "/a", "svc-1");
        world.canary("a-canary", "/a", "svc-2", "canary-weight", "10");
        world.primary("b", "/b", "svc-2");
        world.primary("c", "/c", "svc-1");
        world.canary("c-canary", "/c", "svc-2", "canary-weight", "10");

        assertThat(world.routes()).containsExactly("/a → svc-1", "/b → svc-2", "/c → svc-1");
        assertThat(world.canaries("/a")).containsExactly("svc-2");
        assertThat(world.canaries("/b")).containsExactly("svc-1");
        assertThat(world.canaries("/c")).containsExactly("svc-2");
    }

    @ParameterizedTest
    @CsvSource({"0.25, 25", "0, 0", "100, 10000", "12.5, 1250", "99.99, 9999"})
    void limitL13AWeightHasTwoDecimals(String weight, int hundredths) {
        world.primary("web", "/", "web");
        world.canary("v2", "/", "web-v2", "canary-weight", "77", "linnet.dev/canary-weight", weight);

        assertThat(world.side("/").selector().share().weight()).isEqualTo(hundredths);
        assertThat(world.side("/").selector().share().total()).isEqualTo(10_000);
        assertThat(world.problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"100.01", "-1", "0.123", "5%", "", "many", "1e1", "+5", "101"})
    void limitL13AWeightThatIsNoneIsAProblemAndTakesNothing(String weight) {
        world.primary("web", "/", "web");
        world.canary("v2", "/", "web-v2", "canary-weight", "77", "linnet.dev/canary-weight", weight);

        assertThat(world.side("/").selector().share().weight()).isZero();
        assertThat(world.problems())
                .singleElement()
                .asString()
                .contains("expected: 0 to 100, with at most two decimals");
    }

    @Test
    void limitL15ABrokenPatternIsReportedWhenItIsWritten() {
        world.primary("web", "/", "web");
        world.canary("v2", "/", "web-v2", "canary-by-header", "H", "canary-by-header-pattern", "[");

        assertThat(world.problems())
                .singleElement()
                .asString()
                .startsWith("BadAnnotation")
                .contains("is no pattern");
    }

    @Test
    void limitL17ATypoDoesNotMakeACompetingPrimary() {
        world.add("typo", "/", "web-v2", "canary", "yes");
        world.primary("web", "/", "web");

        assertThat(world.routes()).containsExactly("/ → web");
        assertThat(world.canaries("/")).isEmpty();
        assertThat(world.problems()).singleElement().asString().contains("until then this Ingress serves nothing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth-tls-secret",
                "auth-tls-verify-client",
                "auth-tls-error-page",
                "proxy-ssl-secret",
                "proxy-ssl-verify",
                "stream-snippet"
            })
    void limitL19NothingLeaksFromACanaryToItsHost(String annotation) {
        saysNothingForTheRoute(annotation);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rewrite-target",
                "ssl-redirect",
                "backend-protocol",
                "proxy-read-timeout",
                "proxy-body-size",
                "auth-url",
                "auth-type",
                "enable-cors",
                "limit-rps",
                "whitelist-source-range",
                "denylist-source-range",
                "custom-headers",
                "configuration-snippet",
                "mirror-target",
                "custom-http-errors",
                "default-backend",
                "affinity",
                "session-cookie-name",
                "server-alias",
                "server-snippet",
                "ssl-passthrough",
                "ssl-ciphers",
                "ssl-prefer-server-ciphers",
                "from-to-www-redirect",
                "app-root",
                "permanent-redirect",
                "upstream-vhost"
            })
    void limitL18WhatACanarySaysOfTheRouteIsReported(String annotation) {
        saysNothingForTheRoute(annotation);
    }

    private void saysNothingForTheRoute(String annotation) {
        world.primary("web", "/", "web");
        Rule alone = world.rule("/");
        world.canary("v2", "/", "web-v2", "canary-weight", "10", annotation, "cookie");

        assertThat(world.rule("/").policy()).isEqualTo(alone.policy());
        assertThat(world.rule("/").limits()).isEqualTo(alone.limits());
        assertThat(world.translation().rules()).hasSize(1);
        assertThat(world.canaries("/")).containsExactly("web-v2");
        assertThat(world.problems()).singleElement().asString().contains(annotation);
    }

    @Test
    void versionHeaderIsTheRoutesAndNotTheCanarys() {
        world.add("web", "/", "web", "linnet.dev/version-header", "X-Version");
        assertThat(world.rule("/").policy().versionHeader()).contains("X-Version");

        world.canary("v2", "/", "web-v2", "canary-weight", "10", "linnet.dev/version-header", "X-Other");
        assertThat(world.rule("/").policy().versionHeader()).contains("X-Version");
        assertThat(world.problems()).singleElement().asString().contains("has no effect on a canary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Set-Cookie", "content-length", "X Version", "X:Version", "Ä"})
    void versionHeaderMustBeAHeaderOfOnesOwn(String name) {
        world.add("web", "/", "web", "linnet.dev/version-header", name);

        assertThat(world.rule("/").policy().versionHeader()).isEmpty();
        assertThat(world.problems()).singleElement().asString().contains("expected: the name of a header of your own");
    }

    @Test
    void limitL20ACanaryOfAnotherNamespaceIsRefused() {
        world.primary("web", "/", "web");
        Ingress hijack = world.ingress("theirs", "/", "evil", "canary", "true", "canary-weight", "100");
        hijack.getMetadata().setNamespace("tenant");
        world.add(hijack);

        assertThat(world.canaries("/")).isEmpty();
        assertThat(world.problems()).singleElement().asString().contains("expected: a canary in the namespace");
    }

    @Test
    void limitL21AHostIsNamedLiterally() {
        Ingress wildcard = world.ingress("web", "/", "web");
        wildcard.getSpec().getRules().getFirst().setHost("*.example.com");
        world.add(wildcard);
        Ingress one = world.ingress("v2", "/", "web-v2", "canary", "true", "canary-weight", "10");
        one.getSpec().getRules().getFirst().setHost("a.example.com");
        world.add(one);

        assertThat(world.canaries("/")).isEmpty();
        assertThat(world.problems()).singleElement().asString().startsWith("CanaryNotAttached");
    }

    /** G3 and M3, too. */
    @Test
    void limitL22ACanaryAloneServesNothingAndSaysSo() {
        world.canary("v2", "/", "web-v2", "canary-weight", "100");

        assertThat(world.translation().rules()).isEmpty();
        assertThat(world.problems()).singleElement().asString().startsWith("CanaryNotAttached");
    }

    @Test
    void limitL32ARuleWithoutPathsIsNoCrash() {
        world.primary("web", "/", "web");
        Ingress empty = world.ingress("v2", "/", "web-v2", "canary", "true");
        empty.getSpec().getRules().getFirst().setHttp(null);
        world.add(empty);

        assertThat(world.routes()).containsExactly("/ → web");
    }

    @Test
    void limitL35TwoCanariesOfOneServiceEachKeepTheirSelector() {
        world.primary("web", "/", "web");
        world.canary("testers", "/", "web-v2", "canary-by-header", "X-Tester");
        world.canary("some", "/", "web-v2", "canary-weight", "5");

        assertThat(world.canaries("/")).containsExactly("web-v2", "web-v2");
        List<CanarySide> sides = world.rule("/").canaries();
        assertThat(sides.get(0).selector().header()).isPresent();
        assertThat(sides.get(1).selector().share().weight()).isEqualTo(5);
    }

    @Test
    void x30AChangeOfTheTotalAloneCounts() {
        world.primary("web", "/", "web");
        world.canary("v2", "/", "web-v2", "canary-weight", "100", "canary-weight-total", "1000");

        assertThat(world.side("/").selector().share().total()).isEqualTo(1000);
    }
}
