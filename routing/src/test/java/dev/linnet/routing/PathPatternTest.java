package dev.linnet.routing;

import static dev.linnet.routing.Routes.exact;
import static dev.linnet.routing.Routes.regex;
import static dev.linnet.routing.Routes.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternTest {
    private static String find(RouteTable table, String url) {
        return table.find(request(url)) instanceof Route route
                ? route.rule().path().path()
                : "none";
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "/foo, /foo, true",
        "/foo, /FOObar, true",
        "/foo, /x/foo, false",
        "/foo?, /fo, true",
        "/fo*, /f, true",
        "/fo{2}, /fo, false",
        "/fo{0}, /f, true",
        "/fo+, /f, false",
        "/fo+, /foO, true",
        "/a(b|c)?, /a, true",
        "/a|/b, /b, true",
        "/a|/b, /x/b, true", // nginx's ^ binds to the first alternative only
        "/a\\.b, /a.b, true",
        "/a\\.b, /axb, false",
        "/ä, /%C3%A4, true",
        "/[ä], /%C3%A4, true",
        "/a b, /a%20b, true",
        "/a$, /ab, false",
        "/.*, /%FF%FE, true",
        "/id/[0-9]+$, /id/1%C3, false",
    })
    void findsAnExpressionFromTheStartInTheDecodedPath(String expression, String path, boolean found) {
        RouteTable table = RouteTable.of(List.of(regex("h", expression)));

        assertThat(find(table, "http://h" + path)).isEqualTo(found ? expression : "none");
    }

    @Test
    void asksInTheOrderOfTheRules() {
        RouteTable table = RouteTable.of(List.of(regex("h", "/a/[a-z]{3}"), regex("h", "/a/bcd"), regex("h", "/")));

        assertThat(find(table, "http://h/a/bcd")).isEqualTo("/a/[a-z]{3}");
        assertThat(find(table, "http://h/a/x")).isEqualTo("/");
    }

    @Test
    void asksLiteralPathsFirst() {
        RouteTable table = RouteTable.of(List.of(regex("h", "/.*"), exact("h", "/")));

        assertThat(table.find(request("http://h/"))).asString().contains("Exact");
        assertThat(find(table, "http://h/a")).isEqualTo("/.*");
    }

    @Test
    void knowsNoMissingSlash() {
        assertThat(find(RouteTable.of(List.of(regex("h", "/foo/"))), "http://h/foo"))
                .isEqualTo("none");
    }

    @Test
    void comparesEqualToTheSameExpression() {
        assertThat(regex("h", "/a(.*)")).isEqualTo(regex("h", "/a(.*)"));
    }

    @Test
    void survivesAnyBytes() {
        Rule rule = regex("h", "/a(ä|.)*[^é]b$");
        HostRoutes routes = new HostRoutes("h", List.of(rule));
        byte[] path = "/aaaa".getBytes(StandardCharsets.UTF_8);
        for (int first = 0; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                byte[] bytes = Arrays.copyOf(path, path.length + 2);
                bytes[path.length] = (byte) first;
                bytes[path.length + 1] = (byte) second;
                assertThat(routes.find(bytes, 0, bytes.length)).isNotNull();
            }
        }
    }
}
