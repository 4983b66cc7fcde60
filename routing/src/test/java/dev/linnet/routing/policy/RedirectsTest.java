package dev.linnet.routing.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.policy.Redirects.Asked;
import dev.linnet.routing.policy.Redirects.Elsewhere;
import dev.linnet.routing.policy.Redirects.ToHttps;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedirectsTest {
    private static final Redirects RELATIVE = new Redirects(Optional.empty(), Optional.empty(), true, false);
    private static final Redirects WITH_PORT = new Redirects(Optional.empty(), Optional.empty(), false, true);

    @ParameterizedTest
    @CsvSource({
        "h, /, https://h",
        "h, /a, https://h/a",
        "h, /a/, https://h/a",
        "h, /a//, https://h/a/",
        "h, /a?b=/, https://h/a?b=",
        "h:8080, /a, https://h/a",
        "h., /a, https://h/a",
        "h.:80, /a, https://h/a",
        "[::1], /a, https://[::1]/a",
        "[::1]:8080, /a, https://[::1]/a",
    })
    void cutsPortAndOneLastSlashOnTheWayToHttps(String host, String target, String expected) {
        assertThat(Redirects.NONE.location(new ToHttps(true, 308, false), new Asked("http", host, target), 443))
                .isEqualTo(expected);
    }

    @Test
    void keepsTheSlashAndNamesThePortWhereAsked() {
        Asked asked = new Asked("http", "h:80", "/a/");

        assertThat(Redirects.NONE.location(new ToHttps(true, 308, true), asked, 443))
                .isEqualTo("https://h/a/");
        assertThat(Redirects.NONE.location(new ToHttps(true, 308, true), asked, 8443))
                .as("a port that is not the usual one")
                .isEqualTo("https://h:8443/a/");
        assertThat(WITH_PORT.location(new ToHttps(true, 308, false), asked, 8443))
                .isEqualTo("https://h:8443/a");
    }

    @Test
    void tellsAPathAsWholeUrlUnlessRelative() {
        Asked asked = new Asked("https", "h:8443", "/a");
        Elsewhere path = new Elsewhere.ToUrl(301, "/new");

        assertThat(Redirects.NONE.location(path, asked)).isEqualTo("https://h:8443/new");
        assertThat(RELATIVE.location(path, asked)).isEqualTo("/new");
        assertThat(RELATIVE.location(new Elsewhere.ToUrl(301, "https://x/"), asked))
                .isEqualTo("https://x/");
        assertThat(RELATIVE.location(new Elsewhere.ToPath(302, "/app"), asked)).isEqualTo("https://h:8443/app");
    }

    @ParameterizedTest
    @CsvSource({
        "http, www.h, http://h:80/foo",
        "http, www.h:8080, http://h:8080/foo",
        "https, www.h, https://h:443/foo",
    })
    void alwaysNamesThePortOfAnotherHost(String scheme, String host, String expected) {
        assertThat(Redirects.NONE.location(new Elsewhere.ToHost(308, "h"), new Asked(scheme, host, "/foo/")))
                .isEqualTo(expected);
    }
}
