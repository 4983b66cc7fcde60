package dev.linnet.gateway;

import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.policy.AddressRanges;
import dev.linnet.routing.policy.CallerOptions;
import dev.linnet.routing.policy.CallerOptions.HeaderOptions;
import dev.linnet.routing.policy.CallerOptions.Line;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose word is taken for who a client is (spec of ingress-nginx, §3.7, FWD-1 and FWD-2). */
class CallerTest {
    private static final String[] FORWARDED = {
        "X-Forwarded-Port: 1234",
        "X-Forwarded-Proto: myproto",
        "X-Forwarded-Scheme: other",
        "X-Forwarded-For: 1.2.3.4",
        "X-Forwarded-Host: myhost"
    };

    private final World world = new World();
    private final ScriptedUpstream upstream = ScriptedUpstream.saying("hello");

    @BeforeEach
    void serve() {
        world.everythingTo(upstream);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static CallerOptions options(boolean forwarded, boolean realIp, String trusted, boolean chain) {
        return new CallerOptions(
                forwarded,
                realIp,
                AddressRanges.parse(trusted).orElseThrow(),
                CallerOptions.FORWARDED_FOR,
                chain,
                false,
                Duration.ofSeconds(5),
                HeaderOptions.DEFAULT);
    }

    private static CallerOptions with(HeaderOptions headers) {
        CallerOptions usual = CallerOptions.DEFAULT;
        return new CallerOptions(
                false, false, usual.trusted(), usual.forwardedFor(), false, false, usual.proxyHeader(), headers);
    }

    private String heard(String... headers) {
        assertThat(world.get("/some?q", headers).status()).isEqualTo(200);
        return upstream.nextHead();
    }

    private String askedFor(String host, String... headers) {
        assertThat(world.client().get(host, "/", headers).status()).isEqualTo(200);
        return upstream.nextHead();
    }

    @Test
    void fwd1TakesTheWordOfATrustedProxy() {
        world.gateway.routes().callers(options(true, false, "127.0.0.0/8", false));

        String head = heard(FORWARDED);

        assertThat(head)
                .contains(
                        "\r\nHost: myhost\r\n",
                        "\r\nX-Forwarded-Host: myhost\r\n",
                        "\r\nX-Forwarded-Proto: myproto\r\n",
                        "\r\nX-Forwarded-Scheme: myproto\r\n",
                        "\r\nX-Scheme: myproto\r\n",
                        "\r\nX-Forwarded-Port: 1234\r\n",
                        "\r\nX-Forwarded-For: 1.2.3.4\r\n",
                        "\r\nX-Real-IP: 1.2.3.4\r\n",
                        "\r\nX-Original-Forwarded-For: 1.2.3.4\r\n",
                        "\r\nX-Original-Forwarded-Host: myhost\r\n")
                .doesNotContain("app.example.com");
    }

    @Test
    void fwd1TakesTheFirstOfSeveralForwardedHosts() {
        world.gateway.routes().callers(options(true, false, "127.0.0.0/8", false));

        assertThat(heard("X-Forwarded-Host: myhost.com, another.host,example.net"))
                .contains("\r\nHost: myhost.com\r\n", "\r\nX-Forwarded-Host: myhost.com\r\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fwd2TakesNobodysWordUnlessToldToAndFromATrustedProxy(boolean optionOn) {
        if (optionOn) {
            world.gateway.routes().callers(options(true, false, "10.0.0.0/8", true));
        }

        String head = heard(FORWARDED);

        assertThat(head)
                .contains(
                        "\r\nHost: app.example.com\r\n",
                        "\r\nX-Forwarded-Host: app.example.com\r\n",
                        "\r\nX-Forwarded-Port: 80\r\n",
                        "\r\nX-Forwarded-Proto: http\r\n",
                        "\r\nX-Forwarded-Scheme: http\r\n",
                        "\r\nX-Forwarded-For: 127.0.0.1\r\n",
                        "\r\nX-Original-Forwarded-For: 1.2.3.4\r\n",
                        "\r\nX-Original-Forwarded-Host: myhost\r\n");
    }

    @Test
    void tellsThePortOfTheClientsAddressBarAndNotOurOwn() {
        assertThat(askedFor("app.example.com:8080")).contains("\r\nX-Forwarded-Port: 8080\r\n");
        assertThat(askedFor("app.example.com.:81")).contains("\r\nX-Forwarded-Port: 81\r\n");
        assertThat(askedFor("[::1]:82")).contains("\r\nX-Forwarded-Port: 82\r\n");
        assertThat(askedFor("[::1]")).contains("\r\nX-Forwarded-Port: 80\r\n");
        assertThat(askedFor("app.example.com:")).contains("\r\nX-Forwarded-Port: 80\r\n");
        world.gateway.routes().callers(options(true, false, "127.0.0.0/8", false));
        assertThat(askedFor("app.example.com:8080", "X-Forwarded-Port: 444"))
                .contains("\r\nX-Forwarded-Port: 444\r\n")
                .doesNotContain("X-Forwarded-Port: 8080");
    }

    @Test
    void takesOnlyTheAddressWithEnableRealIp() {
        world.gateway.routes().callers(options(false, true, "127.0.0.0/8", false));

        assertThat(heard(FORWARDED))
                .contains("\r\nX-Real-IP: 1.2.3.4\r\n", "\r\nHost: app.example.com\r\n", "\r\nX-Scheme: http\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "6.6.6.6, 1.2.3.4, 10.1.1.1 | 1.2.3.4",
                "10.2.2.2, 10.1.1.1 | 10.2.2.2",
                "1.2.3.4, rubbish, 10.1.1.1 | 10.1.1.1",
                "rubbish | 127.0.0.1",
                "1.2.3.4:5678 | 1.2.3.4",
                "[2001:db8::1]:80 | 2001:db8:0:0:0:0:0:1",
                "::ffff:1.2.3.4 | 1.2.3.4",
                "010.1.1.1 | 127.0.0.1",
                "'' | 127.0.0.1"
            })
    void believesTheLastAddressThatNobodyTrustedHasNamed(String told, String client) {
        world.gateway.routes().callers(options(true, false, "127.0.0.0/8,10.0.0.0/8", false));

        assertThat(heard("X-Forwarded-For: " + told)).contains("\r\nX-Real-IP: " + client + "\r\n");
    }

    @Test
    void readsSeveralLinesAsOne() {
        world.gateway.routes().callers(options(true, false, "127.0.0.0/8,10.0.0.0/8", true));

        assertThat(heard("X-Forwarded-For: 6.6.6.6, 1.2.3.4", "X-Forwarded-For: 10.1.1.1"))
                .contains(
                        "\r\nX-Real-IP: 1.2.3.4\r\n", "\r\nX-Forwarded-For: 6.6.6.6, 1.2.3.4, 10.1.1.1, 127.0.0.1\r\n");
    }

    @Test
    void dropsWhatOnlyATrustedProxyMaySay() {
        String[] forged = {
            "Forwarded: for=6.6.6.6",
            "X-Forwarded-Prefix: /admin",
            "X-Code: 200",
            "Proxy: evil",
            "ssl-client-verify: SUCCESS",
            "SSL-Client-Subject-DN: CN=admin",
            "ssl-client-issuer-dn: CN=ca",
            "ssl-client-cert: abc"
        };

        assertThat(heard(forged)).doesNotContainIgnoringCase("forwarded: ", "prefix", "x-code", "evil", "ssl-client");

        world.gateway.routes().callers(options(true, false, "127.0.0.0/8", false));
        assertThat(heard(forged))
                .contains("\r\nForwarded: for=6.6.6.6\r\n", "\r\nX-Forwarded-Prefix: /admin\r\n")
                .doesNotContainIgnoringCase("x-code", "evil", "ssl-client");
    }

    @Test
    void passesUnusualNamesOnlyIfToldToAndNeverOnesThatLookLikeOurs() {
        String[] unusual = {
            "my_header: 1", "my.header: 2", "X_Real_IP: 6.6.6.6", "X.Other: 3", "ssl_client_verify: SUCCESS"
        };
        assertThat(heard(unusual)).doesNotContain("my_header", "my.header", "X_Real_IP", "ssl_client");

        world.gateway.routes().callers(with(new HeaderOptions(false, true, true, false, List.of())));
        assertThat(heard(unusual)).contains("my_header: 1").doesNotContain("my.header", "X_Real_IP", "ssl_client");

        world.gateway.routes().callers(with(new HeaderOptions(false, true, false, true, List.of())));
        assertThat(heard(unusual))
                .contains("my_header: 1", "my.header: 2", "X.Other: 3")
                .doesNotContain("X_Real_IP", "ssl_client");
    }

    @Test
    void makesARequestIdUnlessToldNotTo() {
        assertThat(heard()).containsPattern("\r\nX-Request-ID: [0-9a-f]{32}\r\n");

        world.gateway.routes().callers(with(new HeaderOptions(false, false, false, false, List.of())));
        assertThat(heard()).doesNotContain("X-Request-ID");
        assertThat(heard("X-Request-ID: mine")).contains("X-Request-ID: mine");
    }

    @Test
    void tellsTheOriginalUriIfToldTo() {
        assertThat(heard("X-Original-URI: /mine")).contains("X-Original-URI: /mine");

        world.gateway.routes().callers(with(new HeaderOptions(true, true, false, false, List.of())));
        assertThat(heard("X-Original-URI: /mine"))
                .contains("\r\nX-Original-URI: /some?q\r\n")
                .doesNotContain("/mine");
    }

    @Test
    void setsHeadersForEverybodyOverAllOthers() {
        world.gateway
                .routes()
                .callers(with(new HeaderOptions(
                        false,
                        true,
                        false,
                        false,
                        List.of(
                                new Line("X-Real-IP", "9.9.9.9"),
                                new Line("X-Mine", "a"),
                                new Line("X-Request-ID", "b")))));

        assertThat(heard("X-Mine: client"))
                .contains("\r\nX-Real-IP: 9.9.9.9\r\n", "\r\nX-Mine: a\r\n", "\r\nX-Request-ID: b\r\n")
                .doesNotContain("X-Real-IP: 127", "client", "X-Request-ID: 0")
                .containsOnlyOnce("X-Request-ID");
    }

    @Test
    void tellsTheOriginalOfAnotherHeader() {
        CallerOptions usual = options(true, false, "127.0.0.0/8", false);
        world.gateway
                .routes()
                .callers(new CallerOptions(
                        true,
                        false,
                        usual.trusted(),
                        "cf-connecting-ip",
                        false,
                        false,
                        usual.proxyHeader(),
                        HeaderOptions.DEFAULT));

        assertThat(heard("CF-Connecting-IP: 1.2.3.4", "X-Forwarded-For: 6.6.6.6"))
                .contains("\r\nX-Real-IP: 1.2.3.4\r\n", "\r\nX-Original-Forwarded-For: 1.2.3.4\r\n")
                .doesNotContain("6.6.6.6");
    }

    @Test
    void redirectsToWhereATrustedProxySaysTheClientIs() {
        world.routes(World.rule("/dir/"));
        world.gateway.routes().callers(options(true, false, "127.0.0.0/8", false));
        Conversation client = world.client();

        client.send(request("GET", "/dir", "X-Forwarded-Proto: https", "X-Forwarded-Host: shop.example.com"));

        assertThat(client.readResponse().head()).contains("Location: https://shop.example.com/dir/\r\n");
    }
}
