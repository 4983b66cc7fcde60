package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.numbers.Snapshot.SeriesCounts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenarios of the ingress-nginx specification (§8.3, §8.4) about hosts and paths, over real sockets. */
class PathScenariosTest {
    private final IngressWorld world = new IngressWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void ing1NothingOfAPathReachesAnInterpreter() {
        world.ingress("a")
                .prefix("inspection123.com", "/bla{alias /var/run/secrets/;}location ~* ^/abcd", "a")
                .obey();
        world.ingress("b").prefix("inspection123.com", "/xpto", "b").obey();

        assertThat(world.answers("inspection123.com", "/xpto")).isEqualTo("b");
        assertThat(world.answers("inspection123.com", "/bla")).isEqualTo("404");
        assertThat(world.answers("inspection123.com", "/abcd/")).isEqualTo("404");
    }

    @Test
    void ing2EachHostOfOneIngressHasItsService() {
        world.ingress("two")
                .prefix("first.host", "/", "first-service")
                .prefix("second.host", "/", "second-service")
                .obey();

        assertThat(world.answers("first.host", "/exact")).isEqualTo("first-service");
        assertThat(world.answers("second.host", "/exact")).isEqualTo("second-service");
    }

    @Test
    void ing3ExactAndPrefixOfOnePathAreTwoRoutes() {
        world.ingress("a").path("exact.path", "Exact", "/exact", "a").obey();
        world.ingress("b").prefix("exact.path", "/exact", "b").obey();

        assertThat(world.answers("exact.path", "/exact")).isEqualTo("a");
        assertThat(world.answers("exact.path", "/exact/suffix")).isEqualTo("b");

        world.ingress("c").prefix("exact.path", "/exact", "c").obey();

        assertThat(world.answers("exact.path", "/exact/suffix")).isEqualTo("b");
        assertThat(world.problems())
                .singleElement()
                .asString()
                .contains("Ingress default/c", "the older Ingress default/b");
    }

    @Test
    void ing4ExactGoesBeforePrefixAndLongBeforeShort() {
        world.ingress("root")
                .path("mixed.path", "Exact", "/", "exact-root")
                .prefix("mixed.path", "/", "prefix-root")
                .obey();
        world.ingress("foo")
                .path("mixed.path", "Exact", "/foo", "exact-foo")
                .prefix("mixed.path", "/foo", "prefix-foo")
                .obey();

        assertThat(world.answers("mixed.path", "/")).isEqualTo("exact-root");
        assertThat(world.answers("mixed.path", "/bar")).isEqualTo("prefix-root");
        assertThat(world.answers("mixed.path", "/foo")).isEqualTo("exact-foo");
        assertThat(world.answers("mixed.path", "/foo/bar")).isEqualTo("prefix-foo");
        assertThat(world.answers("mixed.path", "/foobar")).isEqualTo("prefix-root");
    }

    @Test
    void ing5PrefixGoesByElementsOfThePath() {
        world.ingress("a").prefix("prefix.path", "/aaa", "a").obey();

        assertThat(world.answers("prefix.path", "/aaa")).isEqualTo("a");
        assertThat(world.answers("prefix.path", "/aaacccc")).isEqualTo("404");
        assertThat(world.answers("prefix.path", "/aaa/cccc")).isEqualTo("a");
        assertThat(world.answers("prefix.path", "/aaa/")).isEqualTo("a");
    }

    @ParameterizedTest(name = "{0} {1} {2}: {3}")
    @CsvSource({
        "ING-6, /id/[0-9]+, /id/1, 200",
        "ING-6, /id/[0-9]+, /id/12, 200",
        "ING-6, /id/[0-9]+, /id/123, 200",
        "ING-6, /id/[0-9]+, /id/aaa, 404",
        "ING-6, /id/[0-9]+, /id/123a, 200",
        "ING-7, /id/[0-9]+$, /id/1, 200",
        "ING-7, /id/[0-9]+$, /id/aaa, 404",
        "ING-7, /id/[0-9]+$, /id/123a, 404",
        "ING-8, /id/[0-9]{3}$, /id/99, 404",
        "ING-8, /id/[0-9]{3}$, /id/123, 200",
        "ING-8, /id/[0-9]{3}$, /id/9999, 404",
        "ING-8, /id/[0-9]{3}$, /id/123a, 404",
        "ING-9, /id/[0-9]+/post/[a-zA-Z]+$, /id/123/post/abc, 200",
        "ING-9, /id/[0-9]+/post/[a-zA-Z]+$, /id/123/post/abc123, 404",
        "ING-9, /id/[0-9]+/post/[a-zA-Z]+$, /id/abc/post/abc, 404",
    })
    void ing6To9PathsAreExpressions(String scenario, String expression, String path, int status) {
        world.ingress("r")
                .with("use-regex", "true")
                .path("regex.path", "ImplementationSpecific", expression, "r")
                .obey();

        assertThat(world.get("regex.path", path).status()).as(scenario).isEqualTo(status);
    }

    @Test
    void ing10WithoutHostAnyHostIsServed() {
        world.ingress("default-host").prefix("", "/", "echo").obey();

        assertThat(world.answers("whatever.example.com", "/")).isEqualTo("echo");
        assertThat(world.world.numbers().series())
                .extracting(SeriesCounts::route)
                .containsExactly("default/default-host /");
    }

    @Test
    void ing11DefaultBackendServesTheHostsThatTheIngressNames() {
        world.ingress("only").host("only-backend").defaultBackend("echo").obey();

        assertThat(world.answers("only-backend", "/")).isEqualTo("echo");
        assertThat(world.answers("only-backend-doesnotexist", "/")).isEqualTo("404");
    }

    @ParameterizedTest
    @CsvSource({
        "foo.bar.com, GET, /", "foo.bar.com, GET, /demo", "foo.bar.com, POST, /", "foo.bar.com, POST, /demo",
        "'', GET, /", "'', GET, /demo", "'', POST, /", "'', POST, /demo",
    })
    void db1WithoutIngressEverythingIs404(String host, String method, String path) {
        try (Conversation client = world.world.client()) {
            String hostLine = host.isEmpty() ? "" : "Host: " + host + "\r\n";
            String version = host.isEmpty() ? "HTTP/1.0" : "HTTP/1.1";
            client.send(method + " " + path + " " + version + "\r\n" + hostLine + "Content-Length: 0\r\n\r\n");

            assertThat(client.readResponse().status()).isEqualTo(404);
        }
    }

    @Test
    void sb3ResourceBackendsAre404AndHarmNobody() {
        world.ingress("nil")
                .resource("nilbackend", "/")
                .prefix("valid", "/", "echo")
                .obey();

        assertThat(world.answers("nilbackend", "/")).isEqualTo("404");
        assertThat(world.answers("valid", "/")).isEqualTo("echo");
    }

    @Test
    void rw1RewritesToATarget() {
        world.ingress("r")
                .with("rewrite-target", "/")
                .prefix("rewrite.bar.com", "/something", "echo")
                .obey();

        assertThat(world.targetAtBackend("rewrite.bar.com", "/something/else?a=b"))
                .isEqualTo("/?a=b");
    }

    @Test
    void rw2TheLongerPathGoesFirstBesideARewriteOfEverything() {
        world.ingress("plain")
                .prefix("rewrite.bar.com", "/.well-known/acme/challenge", "echo")
                .obey();
        world.ingress("all")
                .with("rewrite-target", "/new/backend")
                .prefix("rewrite.bar.com", "/", "echo")
                .obey();

        assertThat(world.targetAtBackend("rewrite.bar.com", "/.well-known/acme/challenge"))
                .isEqualTo("/.well-known/acme/challenge");
        assertThat(world.targetAtBackend("rewrite.bar.com", "/else")).isEqualTo("/new/backend");
    }

    @Test
    void rw3AnExpressionMayFollowAPlainPath() {
        world.ingress("plain").prefix("rewrite.bar.com", "/foo", "echo").obey();
        world.ingress("regex")
                .with("use-regex", "true")
                .with("rewrite-target", "/new/backend")
                .path("rewrite.bar.com", "ImplementationSpecific", "/foo.+", "echo")
                .obey();

        assertThat(world.targetAtBackend("rewrite.bar.com", "/foo")).isEqualTo("/foo");
        assertThat(world.targetAtBackend("rewrite.bar.com", "/foo/bar")).isEqualTo("/new/backend");
    }

    @Test
    void rw4AnExpressionWithALongerTextShadowsAPlainPath() {
        world.ingress("plain").prefix("rewrite.bar.com", "/foo/bar/bar", "echo").obey();
        world.ingress("regex")
                .with("use-regex", "true")
                .with("rewrite-target", "/new/backend")
                .path("rewrite.bar.com", "ImplementationSpecific", "/foo/bar/[a-z]{3}", "echo")
                .obey();

        assertThat(world.targetAtBackend("rewrite.bar.com", "/foo/bar/bar")).isEqualTo("/new/backend");
    }

    @Test
    void rw5WhatAGroupCapturesGoesIntoTheTarget() {
        world.ingress("regex")
                .with("use-regex", "true")
                .with("rewrite-target", "/new/backend/$1")
                .path("rewrite.bar.com", "ImplementationSpecific", "/foo/bar/(.+)", "echo")
                .obey();

        assertThat(world.targetAtBackend("rewrite.bar.com", "/foo/bar/bar")).isEqualTo("/new/backend/bar");
        assertThat(world.targetAtBackend("rewrite.bar.com", "/foo/bar/b%20r%2F..%3F/?q=%20#".replace("#", "")))
                .isEqualTo("/new/backend/b%20r%2F..%3F/?q=%20".replace("%2F..", "/.."));
    }

    @Test
    void countsRequestsUnderThePathAsWritten() {
        world.ingress("regex")
                .with("use-regex", "true")
                .path("h", "ImplementationSpecific", "/foo/(.+)", "echo")
                .obey();
        world.get("h", "/foo/bar");

        assertThat(world.world.numbers().series())
                .extracting(SeriesCounts::route)
                .containsExactly("default/regex h/foo/(.+)");
    }

    @Test
    void aBrokenExpressionTakesOnlyItsOwnPathOut() {
        world.ingress("regex")
                .with("use-regex", "true")
                .path("h", "ImplementationSpecific", "/foo/(?!bar)", "echo")
                .path("h", "ImplementationSpecific", "/bar/[a-z]+", "echo")
                .obey();

        assertThat(world.answers("h", "/foo/x")).isEqualTo("404");
        assertThat(world.answers("h", "/bar/x")).isEqualTo("echo");
        assertThat(world.problems())
                .containsExactly(
                        "Ingress default/regex: spec.rules[0].http.paths[0].path is \"/foo/(?!bar)\" and is not served:"
                                + " there are no lookaheads (expected: an RE2 expression)");
    }

    @Test
    void aCanaryBelongsToAnExpressionByItsText() {
        world.ingress("regex")
                .with("use-regex", "true")
                .with("rewrite-target", "/$1")
                .path("h", "ImplementationSpecific", "/foo/(.+)", "primary")
                .obey();
        world.ingress("canary")
                .with("canary", "true")
                .with("canary-by-header", "X-Canary")
                .path("h", "Prefix", "/foo/(.+)", "canary")
                .obey();

        assertThat(world.answers("h", "/foo/x")).isEqualTo("primary");
        Conversation.Response response = world.get("h", "/foo/x", "X-Canary: always");
        assertThat(response.body()).startsWith("canary GET /x HTTP/1.1");
    }

    @Test
    void ali1AHostIsServedUnderItsOtherNamesToo() {
        world.ingress("foo").prefix("foo", "/", "echo").obey();

        assertThat(world.answers("foo", "/")).isEqualTo("echo");
        assertThat(world.answers("bar", "/")).isEqualTo("404");

        world.ingress("other")
                .with("server-alias", "bar")
                .prefix("foo", "/other", "other")
                .obey();

        assertThat(world.answers("bar", "/")).isEqualTo("echo");
        assertThat(world.answers("bar", "/other")).isEqualTo("other");
        assertThat(world.answers("foo", "/other")).isEqualTo("other");
    }

    @Test
    void aCanaryOfTheHostServesUnderItsOtherNamesToo() {
        world.ingress("foo")
                .with("server-alias", "bar")
                .prefix("foo", "/", "primary")
                .obey();
        world.ingress("canary")
                .with("canary", "true")
                .with("canary-by-header", "X-Canary")
                .prefix("foo", "/", "canary")
                .obey();

        assertThat(world.answers("bar", "/", "X-Canary: always")).isEqualTo("canary");
    }

    @Test
    void xfp1TellsThePrefixOnlyBesideARewrite() {
        world.ingress("p")
                .with("rewrite-target", "/foo")
                .with("x-forwarded-prefix", "/test/value")
                .prefix("h", "/", "echo")
                .obey();

        assertThat(world.get("h", "/", "X-Forwarded-Prefix: /evil").body())
                .contains("X-Forwarded-Prefix: /test/value\r\n")
                .doesNotContain("/evil");

        world.delete("p");
        world.ingress("p")
                .with("rewrite-target", "/foo")
                .with("x-forwarded-prefix", "")
                .prefix("h", "/", "echo")
                .obey();

        assertThat(world.get("h", "/").body()).doesNotContainIgnoringCase("x-forwarded-prefix");
    }

    @Test
    void tellsTheBackendAnotherHostAndStillTheClientsOwn() {
        world.ingress("v")
                .with("upstream-vhost", "internal")
                .prefix("h", "/", "echo")
                .obey();

        assertThat(world.get("h", "/").body())
                .contains("\r\nHost: internal\r\n", "\r\nX-Forwarded-Host: h\r\n")
                .doesNotContain("\r\nHost: h\r\n");
    }
}
