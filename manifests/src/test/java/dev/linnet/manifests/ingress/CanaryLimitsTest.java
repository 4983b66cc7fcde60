package dev.linnet.manifests.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.Translation;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.CanarySide;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackend;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackendBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The limits of ingress-nginx's canaries that are settled when manifests are read (spec §9), what must not leak from a canary (§2.8), and
 * the product's own tests of merging (M1 to M10, G1 to G5 of §8.6).
 */
final class CanaryLimitsTest {
    private static final String HOST = "example.com";

    private final List<Ingress> world = new ArrayList<>();

    @Test
    void limitL01SeveralCanariesShareARoute() {
        primary("web", "/", "web");
        canary("v2", "/", "web-v2", "canary-weight", "10");
        canary("v3", "/", "web-v3", "canary-weight", "20");

        assertThat(canaries("/")).containsExactly("web-v2", "web-v3");
    }

    @Test
    void limitL02AttachesToTheRouteAndNotToTheService() {
        primary("web", "/", "web");
        primary("shared", "/other", "web");
        canary("v2", "/", "web-v2", "canary-weight", "10");

        assertThat(canaries("/")).containsExactly("web-v2");
        assertThat(canaries("/other")).isEmpty();
    }

    @Test
    void limitL03APathWithoutCounterpartHarmsNoOther() {
        primary("web", "/a", "web");
        canary("stray", "/nowhere", "web-v2", "canary-weight", "10");
        canary("v2", "/a", "web-v2", "canary-weight", "10");

        assertThat(canaries("/a")).containsExactly("web-v2");
        assertThat(problems()).singleElement().asString().startsWith("CanaryNotAttached");
    }

    /** G5, the cross canary, too. */
    @Test
    void limitL04AServiceMayBeCanaryHereAndPrimaryThere() {
        canary("b-canary", "/b", "svc-1", "canary-weight", "10");
        primary("a", "/a", "svc-1");
        canary("a-canary", "/a", "svc-2", "canary-weight", "10");
        primary("b", "/b", "svc-2");
        primary("c", "/c", "svc-1");
        canary("c-canary", "/c", "svc-2", "canary-weight", "10");

        assertThat(routes()).containsExactly("/a → svc-1", "/b → svc-2", "/c → svc-1");
        assertThat(canaries("/a")).containsExactly("svc-2");
        assertThat(canaries("/b")).containsExactly("svc-1");
        assertThat(canaries("/c")).containsExactly("svc-2");
    }

    @ParameterizedTest
    @CsvSource({"0.25, 25", "0, 0", "100, 10000", "12.5, 1250", "99.99, 9999"})
    void limitL13AWeightHasTwoDecimals(String weight, int hundredths) {
        primary("web", "/", "web");
        canary("v2", "/", "web-v2", "canary-weight", "77", "linnet.dev/canary-weight", weight);

        assertThat(side("/").selector().share().weight()).isEqualTo(hundredths);
        assertThat(side("/").selector().share().total()).isEqualTo(10_000);
        assertThat(problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"100.01", "-1", "0.123", "5%", "", "many", "1e1", "+5", "101"})
    void limitL13AWeightThatIsNoneIsAProblemAndTakesNothing(String weight) {
        primary("web", "/", "web");
        canary("v2", "/", "web-v2", "canary-weight", "77", "linnet.dev/canary-weight", weight);

        assertThat(side("/").selector().share().weight()).isZero();
        assertThat(problems()).singleElement().asString().contains("expected: 0 to 100, with at most two decimals");
    }

    @Test
    void limitL15ABrokenPatternIsReportedWhenItIsWritten() {
        primary("web", "/", "web");
        canary("v2", "/", "web-v2", "canary-by-header", "H", "canary-by-header-pattern", "[");

        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("BadAnnotation")
                .contains("is no pattern");
    }

    @Test
    void limitL17ATypoDoesNotMakeACompetingPrimary() {
        add("typo", "/", "web-v2", "canary", "yes");
        primary("web", "/", "web");

        assertThat(routes()).containsExactly("/ → web");
        assertThat(canaries("/")).isEmpty();
        assertThat(problems()).singleElement().asString().contains("until then this Ingress serves nothing");
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
        primary("web", "/", "web");
        Rule alone = rule("/");
        canary("v2", "/", "web-v2", "canary-weight", "10", annotation, "cookie");

        assertThat(rule("/").policy())
                .isEqualTo(alone.policy())
                .isEqualTo(rule("/").policy());
        assertThat(rule("/").limits()).isEqualTo(alone.limits());
        assertThat(translation().rules()).hasSize(1);
        assertThat(canaries("/")).containsExactly("web-v2");
        assertThat(problems()).singleElement().asString().contains(annotation);
    }

    @Test
    void versionHeaderIsTheRoutesAndNotTheCanarys() {
        add("web", "/", "web", "linnet.dev/version-header", "X-Version");
        assertThat(rule("/").policy().versionHeader()).contains("X-Version");

        canary("v2", "/", "web-v2", "canary-weight", "10", "linnet.dev/version-header", "X-Other");
        assertThat(rule("/").policy().versionHeader()).contains("X-Version");
        assertThat(problems()).singleElement().asString().contains("has no effect on a canary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Set-Cookie", "content-length", "X Version", "X:Version", "Ä"})
    void versionHeaderMustBeAHeaderOfOnesOwn(String name) {
        add("web", "/", "web", "linnet.dev/version-header", name);

        assertThat(rule("/").policy().versionHeader()).isEmpty();
        assertThat(problems()).singleElement().asString().contains("expected: the name of a header of your own");
    }

    @Test
    void limitL20ACanaryOfAnotherNamespaceIsRefused() {
        primary("web", "/", "web");
        Ingress hijack = ingress("theirs", "/", "evil", "canary", "true", "canary-weight", "100");
        hijack.getMetadata().setNamespace("tenant");
        world.add(hijack);

        assertThat(canaries("/")).isEmpty();
        assertThat(problems()).singleElement().asString().contains("expected: a canary in the namespace");
    }

    @Test
    void limitL21AHostIsNamedLiterally() {
        Ingress wildcard = ingress("web", "/", "web");
        wildcard.getSpec().getRules().getFirst().setHost("*.example.com");
        world.add(wildcard);
        Ingress one = ingress("v2", "/", "web-v2", "canary", "true", "canary-weight", "10");
        one.getSpec().getRules().getFirst().setHost("a.example.com");
        world.add(one);

        assertThat(canaries("/")).isEmpty();
        assertThat(problems()).singleElement().asString().startsWith("CanaryNotAttached");
    }

    /** G3 and M3, too. */
    @Test
    void limitL22ACanaryAloneServesNothingAndSaysSo() {
        canary("v2", "/", "web-v2", "canary-weight", "100");

        assertThat(translation().rules()).isEmpty();
        assertThat(problems()).singleElement().asString().startsWith("CanaryNotAttached");
    }

    @Test
    void limitL32ARuleWithoutPathsIsNoCrash() {
        primary("web", "/", "web");
        Ingress empty = ingress("v2", "/", "web-v2", "canary", "true");
        empty.getSpec().getRules().getFirst().setHttp(null);
        world.add(empty);

        assertThat(routes()).containsExactly("/ → web");
    }

    @Test
    void limitL35TwoCanariesOfOneServiceEachKeepTheirSelector() {
        primary("web", "/", "web");
        canary("testers", "/", "web-v2", "canary-by-header", "X-Tester");
        canary("some", "/", "web-v2", "canary-weight", "5");

        assertThat(canaries("/")).containsExactly("web-v2", "web-v2");
        List<CanarySide> sides = rule("/").canaries();
        assertThat(sides.get(0).selector().header()).isPresent();
        assertThat(sides.get(1).selector().share().weight()).isEqualTo(5);
    }

    @Test
    void m1CanaryOfOneRoute() {
        primary("web", "/", "http-svc");
        canary("v2", "/", "http-svc-canary", "canary-weight", "10");

        assertThat(canaries("/")).containsExactly("http-svc-canary");
    }

    @Test
    void m2CanaryOfTwoHosts() {
        primary("web", "/", "http-svc");
        Ingress other = ingress("foo", "/", "foo-http-svc");
        other.getSpec().getRules().getFirst().setHost("foo.bar");
        world.add(other);
        Ingress both = ingress("v2", "/", "http-svc-canary", "canary", "true", "canary-weight", "10");
        var second =
                ingress("x", "/", "foo-http-svc-canary").getSpec().getRules().getFirst();
        second.setHost("foo.bar");
        both.getSpec().setRules(List.of(both.getSpec().getRules().getFirst(), second));
        world.add(both);

        assertThat(translation().rules())
                .extracting(rule ->
                        rule.host() + " " + rule.canaries().getFirst().backend().name())
                .containsExactlyInAnyOrder("example.com http-svc-canary", "foo.bar foo-http-svc-canary");
    }

    @Test
    void m4G2CanaryOfADefaultBackend() {
        world.add(defaultBackend("v2", "http-svc-canary", "canary", "true", "canary-weight", "10"));
        world.add(defaultBackend("web", "http-svc"));

        assertThat(routes()).containsExactly("/ → http-svc");
        assertThat(canaries("/")).containsExactly("http-svc-canary");
    }

    @Test
    void m5G1CanaryOfNoDefaultBackend() {
        world.add(defaultBackend("v2", "http-svc-canary", "canary", "true", "canary-weight", "10"));

        assertThat(translation().rules()).isEmpty();
    }

    @Test
    void m6CanaryOfARuleWithoutHost() {
        Ingress any = ingress("web", "/", "http-svc");
        any.getSpec().getRules().getFirst().setHost(null);
        world.add(any);
        Ingress canary = ingress("v2", "/", "http-svc-canary", "canary", "true", "canary-weight", "10");
        canary.getSpec().getRules().getFirst().setHost(null);
        world.add(canary);

        assertThat(canaries("/")).containsExactly("http-svc-canary");
    }

    /** M7 and M8: sticky and absent hold a session to the canary; M9: legacy does not. */
    @ParameterizedTest
    @CsvSource({"sticky, true", "'', true", "legacy, false"})
    void m7m8m9CanariesHoldSessionsUnlessLegacy(String behaviour, boolean sticky) {
        add("web", "/", "http-svc", "affinity", "cookie", "session-cookie-name", "test");
        canary("v2", "/", "http-svc-canary", "canary-weight", "10", "affinity-canary-behavior", behaviour);

        assertThat(side("/").sticky()).isEqualTo(sticky);
    }

    @Test
    void m10CanaryOfARouteThatLeadsNowhere() {
        Ingress broken = ingress("web", "/", "");
        world.add(broken);
        canary("v2", "/", "http-svc-canary", "canary-weight", "10");

        assertThat(translation().rules()).isEmpty();
        assertThat(problems()).anyMatch(problem -> problem.startsWith("CanaryNotAttached"));
    }

    @Test
    void g4OrdinaryAndCanaryOfOneHost() {
        primary("web", "/", "http-svc");
        canary("v2", "/", "http-svc-canary", "canary-weight", "10");

        assertThat(routes()).containsExactly("/ → http-svc");
        assertThat(translation().rules()).extracting(Rule::host).containsExactly(HOST);
    }

    @Test
    void x30AChangeOfTheTotalAloneCounts() {
        primary("web", "/", "web");
        canary("v2", "/", "web-v2", "canary-weight", "100", "canary-weight-total", "1000");

        assertThat(side("/").selector().share().total()).isEqualTo(1000);
    }

    private void primary(String name, String path, String service) {
        add(name, path, service);
    }

    private void canary(String name, String path, String service, String... annotations) {
        List<String> all = new ArrayList<>(List.of("canary", "true"));
        all.addAll(List.of(annotations));
        add(name, path, service, all.toArray(String[]::new));
    }

    private void add(String name, String path, String service, String... annotations) {
        world.add(ingress(name, path, service, annotations));
    }

    /** The younger, the later it is added. */
    private Ingress ingress(String name, String path, String service, String... annotations) {
        return new IngressBuilder(bare(name, annotations))
                .editSpec()
                .addNewRule()
                .withHost(HOST)
                .withNewHttp()
                .addNewPath()
                .withPath(path)
                .withPathType("Prefix")
                .withBackend(backend(service))
                .endPath()
                .endHttp()
                .endRule()
                .endSpec()
                .build();
    }

    private Ingress defaultBackend(String name, String service, String... annotations) {
        return new IngressBuilder(bare(name, annotations))
                .editSpec()
                .withDefaultBackend(backend(service))
                .endSpec()
                .build();
    }

    private Ingress bare(String name, String... annotations) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < annotations.length; i += 2) {
            String key = annotations[i].contains("/") ? annotations[i] : Annotations.PREFIX + annotations[i];
            all.put(key, annotations[i + 1]);
        }
        return new IngressBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .withCreationTimestamp("2026-01-01T00:00:%02dZ".formatted(world.size()))
                .withAnnotations(all)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
    }

    private static IngressBackend backend(String service) {
        return new IngressBackendBuilder()
                .withNewService()
                .withName(service)
                .withNewPort()
                .withNumber(80)
                .endPort()
                .endService()
                .build();
    }

    private Translation translation() {
        return IngressTranslator.translate(world, List.of(), ClassSettings.DEFAULT.watchIngressWithoutClass());
    }

    private List<String> routes() {
        return translation().rules().stream()
                .map(rule -> rule.path().path() + " → " + rule.primary().name())
                .sorted()
                .toList();
    }

    private Rule rule(String path) {
        return translation().rules().stream()
                .filter(rule -> rule.path().path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private CanarySide side(String path) {
        return rule(path).canaries().getFirst();
    }

    private List<String> canaries(String path) {
        return rule(path).canaries().stream().map(side -> side.backend().name()).toList();
    }

    private List<String> problems() {
        return translation().problems().stream()
                .map(problem -> problem.reason() + " " + problem)
                .toList();
    }
}
