package dev.linnet.gateway;

import static dev.linnet.gateway.Conformance.V1;
import static dev.linnet.gateway.Conformance.to;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The official conformance tests of HTTPRoutes' CORS, under their names (spec of Istio, §6.12.1), through the gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpRouteCorsConformanceTest {
    private final Conformance shop = new Conformance();

    @AfterAll
    void closes() {
        shop.close();
    }

    @ParameterizedTest(name = "HTTPRouteCORS: {0} {1} from {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "OPTIONS | /cors-1 | https://www.foo.com | GET | own | GET, OPTIONS | x-header-1, x-header-2 | true",
                "OPTIONS | /cors-1 | https://www.bar.com | GET | own | GET, OPTIONS | x-header-1, x-header-2 | true",
                "OPTIONS | /cors-1 | https://xpto.www.bar.com | GET | own | GET, OPTIONS | x-header-1, x-header-2 | true",
                "OPTIONS | /cors-1 | https://foobar.com | GET | - | - | - | -",
                "GET | /cors-1 | https://www.foo.com | GET | own | - | - | true",
                "GET | /cors-1 | https://www.bar.com | GET | own | - | - | true",
                "GET | /cors-1 | https://foobar.com | GET | - | - | - | -",
                "OPTIONS | /cors-2 | https://www.foo.com | POST | own | any | - | -",
                "OPTIONS | /cors-wildcard-origin | https://foobar.com | PUT | any | PUT | - | -",
                "OPTIONS | /cors-wildcard-origin | https://foobar.com:12345 | PUT | any | PUT | - | -",
                "PUT | /cors-wildcard-origin | https://foobar.com | PUT | any | - | - | -",
                "PUT | /cors-wildcard-origin | https://foobar.com:12345 | PUT | any | - | - | -",
                "OPTIONS | /cors-wildcard-methods-headers | https://other.foo.com | PUT | own | PUT | x-header-1, x-header-2 | true",
                "OPTIONS | /cors-wildcard-methods-headers-unauth | https://other.foo.com | PUT | any | any | any | -",
                "GET | /cors-wildcard-methods-headers | https://other.foo.com | GET | own | - | - | true",
                "GET | /cors-wildcard-methods-headers-unauth | https://other.foo.com | GET | any | - | - | -"
            })
    void cors(
            String method,
            String path,
            String origin,
            String wanted,
            String allowed,
            String methods,
            String headers,
            String credentials) {
        shop.serves(cors("/cors-1", """
                        allowOrigins: ["https://www.foo.com", "https://*.bar.com"], allowMethods: [GET, OPTIONS],
                        allowHeaders: [x-header-1, x-header-2], exposeHeaders: [x-header-3, x-header-4], maxAge: 3600, allowCredentials: true""")
                + cors("/cors-2", "allowOrigins: [\"https://www.foo.com\"], allowMethods: [\"*\"]")
                + cors("/cors-wildcard-origin", "allowOrigins: [\"*\"], allowMethods: [PUT], allowCredentials: false")
                + cors("/cors-wildcard-methods-headers", EVERYTHING + "allowCredentials: true")
                + cors("/cors-wildcard-methods-headers-unauth", EVERYTHING + "allowCredentials: false"));

        Conversation.Response response = shop.ask(
                method,
                "example.com",
                path,
                "Content-Length: 0",
                "Origin: " + origin,
                "Access-Control-Request-Method: " + wanted,
                "Access-Control-Request-Headers: x-header-1, x-header-2");

        assertThat(response.status()).isEqualTo(200);
        assertThat(Conformance.who(response)).isEqualTo(method.equals("OPTIONS") ? "" : V1);
        assertThat(told(response, "Origin")).isIn(anyOf(allowed, origin));
        assertThat(told(response, "Credentials")).isEqualTo(credentials);
        if (method.equals("OPTIONS")) {
            assertThat(told(response, "Methods")).isIn(anyOf(methods, wanted));
            assertThat(told(response, "Headers")).isIn(anyOf(headers, "x-header-1, x-header-2"));
        }
        if (path.equals("/cors-1") && !methods.equals("-")) {
            assertThat(response.head())
                    .contains(
                            "Access-Control-Expose-Headers: x-header-3, x-header-4\r\n",
                            "Access-Control-Max-Age: 3600\r\n");
        }
    }

    private static final String EVERYTHING = "allowOrigins: [\"*\"], allowMethods: [\"*\"], allowHeaders: [\"*\"], ";

    private static String cors(String path, String cors) {
        return "- {matches: [{path: {value: " + path + "}}], filters: [{type: CORS, cors: {" + cors + "}}], " + to("v1")
                + "}\n";
    }

    /** {@code own} for what was asked for, {@code any} if {@code *} will do as well, {@code -} for nothing. */
    private static List<String> anyOf(String expected, String asked) {
        return switch (expected) {
            case "own" -> List.of(asked);
            case "any" -> List.of(asked, "*");
            default -> List.of(expected);
        };
    }

    /** {@code -} for nothing. */
    private static String told(Conversation.Response response, String what) {
        return response.head()
                .lines()
                .filter(line -> line.startsWith("Access-Control-Allow-" + what + ": "))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .findFirst()
                .orElse("-");
    }

    @ParameterizedTest
    @CsvSource({
        "https://www.bar.com, true",
        "https://a.B.bar.com, true",
        "https://bar.com, false",
        "https://.bar.com, false",
        "http://www.bar.com, false",
        "https://www.bar.com.evil, false",
        "https://evil/.bar.com, false",
    })
    @DisplayName("HTTPRouteCORS, with wildcards in origins")
    void corsOfAllNamesOfADomain(String origin, boolean may) {
        shop.serves("""
                - filters: [{type: CORS, cors: {allowOrigins: ["https://*.bar.com"]}}]
                  backendRefs: [{name: infra-backend-v1, port: 8080}]
                """);

        Conversation.Response response = shop.ask("GET", "example.com", "/", "Origin: " + origin);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.head().contains("Access-Control-Allow-Origin: " + origin + "\r\n"))
                .isEqualTo(may);
    }

    @Test
    @DisplayName("HTTPRouteCORS, with * and credentials")
    void corsOfAllOriginsWithCredentials() {
        shop.serves("""
                - filters:
                  - type: CORS
                    cors: {allowOrigins: ["*"], allowMethods: ["*"], allowHeaders: ["*"], allowCredentials: true}
                  backendRefs: [{name: infra-backend-v1, port: 8080}]
                """);

        assertThat(shop.ask(
                                "OPTIONS",
                                "example.com",
                                "/",
                                "Origin: https://any.com",
                                "Access-Control-Request-Method: PUT",
                                "Access-Control-Request-Headers: x-a, x-b")
                        .head())
                .contains(
                        "Access-Control-Allow-Origin: https://any.com\r\n",
                        "Access-Control-Allow-Methods: PUT\r\n",
                        "Access-Control-Allow-Headers: x-a, x-b\r\n",
                        "Access-Control-Allow-Credentials: true\r\n");
        assertThat(shop.ask(
                                "OPTIONS",
                                "example.com",
                                "/",
                                "Origin: https://any.com",
                                "Access-Control-Request-Method: PUT")
                        .head())
                .doesNotContain("Access-Control-Allow-Headers");
    }
}
