package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenarios of the ingress-nginx specification (§3.10, §8.4) about redirects, over real sockets. */
class RedirectScenariosTest {
    private final IngressWorld world = new IngressWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void ssl1AHostWithTlsIsLeftForHttpsThoughItsSecretIsMissing() {
        world.world.gateway.servesHttpsOn(8443, 8080);
        world.ingress("t")
                .prefix("redirect.com", "/", "echo")
                .tls("redirect.com")
                .obey();

        assertThat(world.redirect("redirect.com", "/")).isEqualTo("308 https://redirect.com");
        assertThat(world.redirect("redirect.com:80", "/a/b/?c=d/")).isEqualTo("308 https://redirect.com/a/b/?c=d");
    }

    @Test
    void ssl1WhoStandsBeforeTheGatewayItselfIsSentToItsOwnPortOfHttps() {
        world.world.gateway.servesHttpsOn(8443, 8080);
        world.world.gateway.servesHttpsOn(443, 80);
        world.ingress("t")
                .prefix("redirect.com", "/", "echo")
                .tls("redirect.com")
                .obey();

        assertThat(world.redirect("redirect.com:8080", "/a")).isEqualTo("308 https://redirect.com:8443/a");
        assertThat(world.redirect("redirect.com:30080", "/a"))
                .as("a port of somebody in front")
                .isEqualTo("308 https://redirect.com/a");
    }

    @Test
    void ssl1NobodyIsSentToWhereNobodyListens() {
        world.ingress("t")
                .prefix("redirect.com", "/", "echo")
                .tls("redirect.com")
                .obey();

        assertThat(world.answers("redirect.com", "/")).isEqualTo("echo");
    }

    @Test
    void ssl1AHostWithoutTlsAndOneThatDoesNotWantItAreServedInPlainHttp() {
        world.world.gateway.servesHttpsOn(8443, 8080);
        world.ingress("plain").prefix("plain.com", "/", "echo").obey();
        world.ingress("both")
                .with("ssl-redirect", "false")
                .prefix("both.com", "/", "echo")
                .tls("both.com")
                .obey();

        assertThat(world.answers("plain.com", "/")).isEqualTo("echo");
        assertThat(world.answers("both.com", "/")).isEqualTo("echo");
    }

    @Test
    void ssl1TheTlsOfACanaryDoesNotCount() {
        world.world.gateway.servesHttpsOn(8443, 8080);
        world.ingress("plain").prefix("plain.com", "/", "echo").obey();
        world.ingress("canary")
                .with("canary", "true")
                .prefix("plain.com", "/", "canary")
                .tls("plain.com")
                .obey();

        assertThat(world.answers("plain.com", "/")).isEqualTo("echo");
    }

    @Test
    void ssl1AnAuthorityMayStillCheckANewCertificate() {
        world.world.gateway.servesHttpsOn(8443, 8080);
        world.ingress("t")
                .prefix("redirect.com", "/", "echo")
                .tls("redirect.com")
                .obey();
        world.ingress("acme")
                .prefix("redirect.com", "/.well-known/acme-challenge/token", "acme")
                .obey();

        assertThat(world.answers("redirect.com", "/.well-known/acme-challenge/token"))
                .isEqualTo("acme");
        assertThat(world.redirect("redirect.com", "/.well-known/acme-challenge/other"))
                .isEqualTo("308 https://redirect.com/.well-known/acme-challenge/other");
    }

    @Test
    void ssl2ForcedRedirectsNeedNoTls() {
        world.ingress("f")
                .with("force-ssl-redirect", "true")
                .prefix("forcesslredirect.bar.com", "/", "echo")
                .obey();

        assertThat(world.redirect("forcesslredirect.bar.com", "/")).isEqualTo("308 https://forcesslredirect.bar.com");
    }

    @Test
    void pts1KeepsTheLastSlashWhereAsked() {
        world.ingress("f")
                .with("force-ssl-redirect", "true")
                .with("preserve-trailing-slash", "true")
                .prefix("forcesslredirect.bar.com", "/", "echo")
                .obey();

        assertThat(world.redirect("forcesslredirect.bar.com", "/")).isEqualTo("308 https://forcesslredirect.bar.com/");
    }

    @Test
    void namesThePortWhereAsked() {
        world.world.gateway.servesHttpsOn(8443, 8080);
        world.ingress("f")
                .with("force-ssl-redirect", "true")
                .with("use-port-in-redirects", "true")
                .prefix("h", "/", "echo")
                .obey();

        assertThat(world.redirect("h:80", "/a")).isEqualTo("308 https://h:443/a");
        assertThat(world.redirect("h:8080", "/a")).isEqualTo("308 https://h:8443/a");
    }

    @Test
    void needsAHostToRedirectTo() {
        world.ingress("f")
                .with("force-ssl-redirect", "true")
                .prefix("", "/", "echo")
                .obey();

        assertThat(world.world.client().send("GET / HTTP/1.0\r\n\r\n").readHead())
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void app1TheRootOfAHostIsSentToItsApp() {
        world.ingress("app")
                .with("app-root", "/foo")
                .prefix("approot.bar.com", "/", "echo")
                .obey();

        assertThat(world.redirect("approot.bar.com", "/")).isEqualTo("302 http://approot.bar.com/foo");
        assertThat(world.redirect("approot.bar.com:8080", "/?a=b")).isEqualTo("302 http://approot.bar.com:8080/foo");
        assertThat(world.answers("approot.bar.com", "/foo")).isEqualTo("echo");
    }

    @Test
    void app1HoldsForTheHostAndGoesBeforeAnExpressionAndAnExactPath() {
        world.ingress("app")
                .with("app-root", "/foo")
                .prefix("h", "/foo", "echo")
                .obey();
        world.ingress("regex")
                .with("use-regex", "true")
                .path("h", "ImplementationSpecific", "/.*", "echo")
                .path("h", "Exact", "/", "echo")
                .obey();

        assertThat(world.redirect("h", "/")).isEqualTo("302 http://h/foo");
        assertThat(world.answers("h", "/a")).isEqualTo("echo");
    }

    @ParameterizedTest
    @CsvSource({
        "permanent-redirect, , 301",
        "permanent-redirect, 308, 308",
        "permanent-redirect, 999, 301",
        "temporal-redirect, , 302",
        "temporal-redirect, 307, 307",
    })
    void red1SendsAllRequestsToAUrl(String annotation, String code, int status) {
        IngressWorld.Wanted wanted = world.ingress("r")
                .with(annotation, "http://www.example.com/new?a=b")
                .prefix("h", "/", "echo");
        if (code != null) {
            wanted.with(annotation + "-code", code);
        }
        wanted.obey();

        assertThat(world.redirect("h", "/any/path?x")).isEqualTo(status + " http://www.example.com/new?a=b");
    }

    @Test
    void red1GoesBeforeTheRedirectToHttpsAndTemporalBeforePermanent() {
        world.ingress("r")
                .with("temporal-redirect", "http://a/")
                .with("permanent-redirect", "http://b/")
                .with("force-ssl-redirect", "true")
                .prefix("h", "/", "echo")
                .obey();

        assertThat(world.redirect("h", "/")).isEqualTo("302 http://a/");
    }

    @ParameterizedTest
    @CsvSource({"ftp://x", "http://x/$host", "http://x/a b", "x", "'http://x/\r\nSet-Cookie: a=b'"})
    void red1ObeysNoUrlThatIsNone(String url) {
        world.ingress("r")
                .with("permanent-redirect", url)
                .prefix("h", "/", "echo")
                .obey();

        assertThat(world.answers("h", "/")).isEqualTo("echo");
        assertThat(world.problems()).singleElement().asString().contains("permanent-redirect] is \"" + url);
    }

    @Test
    void red2TellsAPathAsWholeUrlUnlessRelative() {
        world.ingress("absolute")
                .with("permanent-redirect", "/new-location")
                .with("relative-redirects", "false")
                .prefix("rr.foo.com", "/something", "echo")
                .obey();
        world.ingress("relative")
                .with("permanent-redirect", "/new-location")
                .with("relative-redirects", "true")
                .prefix("rel.foo.com", "/something", "echo")
                .obey();

        assertThat(world.redirect("rr.foo.com", "/something")).isEqualTo("301 http://rr.foo.com/new-location");
        assertThat(world.redirect("rel.foo.com", "/something")).isEqualTo("301 /new-location");
    }

    @Test
    void red2HoldsForAMissingSlashToo() {
        world.ingress("relative")
                .with("relative-redirects", "true")
                .prefix("h", "/foo/", "echo")
                .obey();

        assertThat(world.redirect("h", "/foo?a")).isEqualTo("301 /foo/?a");
    }

    @Test
    void www1TheOtherNameLeadsToTheHost() {
        world.ingress("w")
                .with("from-to-www-redirect", "true")
                .prefix("fromtowwwredirect.bar.com", "/", "echo")
                .prefix("www.other.com", "/", "echo")
                .obey();

        assertThat(world.redirect("www.fromtowwwredirect.bar.com", "/foo"))
                .isEqualTo("308 http://fromtowwwredirect.bar.com:80/foo");
        assertThat(world.redirect("other.com", "/foo/")).isEqualTo("308 http://www.other.com:80/foo");
        assertThat(world.answers("fromtowwwredirect.bar.com", "/foo")).isEqualTo("echo");
    }

    @Test
    void www1ANameWithRulesOfItsOwnKeepsThem() {
        world.ingress("w")
                .with("from-to-www-redirect", "true")
                .prefix("h.com", "/", "bare")
                .obey();
        world.ingress("own").prefix("www.h.com", "/", "own").obey();

        assertThat(world.answers("www.h.com", "/")).isEqualTo("own");
        assertThat(world.problems())
                .containsExactly(
                        "Ingress default/w: metadata.annotations[nginx.ingress.kubernetes.io/from-to-www-redirect]"
                                + " claims www.h.com for h.com, which Ingress default/own serves itself"
                                + " (expected: one owner for each host)");
    }
}
