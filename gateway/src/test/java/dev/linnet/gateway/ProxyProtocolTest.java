package dev.linnet.gateway;

import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.routing.policy.AddressRanges;
import dev.linnet.routing.policy.CallerOptions;
import dev.linnet.routing.policy.CallerOptions.HeaderOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code use-proxy-protocol} (spec of ingress-nginx, §3.7). */
class ProxyProtocolTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String TCP4 = SIGNATURE + "2111000c" + "01020304" + "7f000001" + "1234" + "01bb";

    private final World world = new World();
    private final ScriptedUpstream upstream = ScriptedUpstream.saying("hello");

    @BeforeEach
    void serve() {
        world.everythingTo(upstream);
        trust("127.0.0.0/8");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void trust(String ranges) {
        world.gateway
                .routes()
                .callers(new CallerOptions(
                        false,
                        false,
                        AddressRanges.parse(ranges).orElseThrow(),
                        CallerOptions.FORWARDED_FOR,
                        false,
                        true,
                        Duration.ofSeconds(5),
                        HeaderOptions.DEFAULT));
    }

    private static String bytes(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }

    private String heardAfter(String announcement) {
        Conversation client = world.client().send(announcement + request("GET", "/"));
        assertThat(client.readResponse().status()).isEqualTo(200);
        return upstream.nextHead();
    }

    @Test
    void believesTheFirstVersion() {
        assertThat(heardAfter("PROXY TCP4 1.2.3.4 5.6.7.8 4711 80\r\n"))
                .contains("X-Real-IP: 1.2.3.4\r\n", "X-Forwarded-Port: 80\r\n", "X-Forwarded-Proto: http\r\n");
        assertThat(heardAfter("PROXY TCP6 2001:db8::1 2001:db8::2 4711 80\r\n"))
                .contains("X-Real-IP: 2001:db8:0:0:0:0:0:1\r\n");
    }

    @Test
    void takesPort443ForHttps() {
        assertThat(heardAfter("PROXY TCP4 1.2.3.4 5.6.7.8 4711 443\r\n"))
                .contains("X-Forwarded-Port: 443\r\n", "X-Forwarded-Proto: https\r\n");
    }

    @Test
    void believesTheSecondVersion() {
        assertThat(heardAfter(bytes(TCP4)))
                .contains("X-Real-IP: 1.2.3.4\r\n", "X-Forwarded-Port: 443\r\n", "X-Forwarded-Proto: https\r\n");
        String six = "20010db8000000000000000000000001" + "20010db8000000000000000000000002" + "1234" + "0050";
        assertThat(heardAfter(bytes(SIGNATURE + "21210029" + six + "0300020000")))
                .contains("X-Real-IP: 2001:db8:0:0:0:0:0:1\r\n");
        String mapped = "00000000000000000000ffff01020304" + "00000000000000000000ffff01020304" + "1234" + "0050";
        assertThat(heardAfter(bytes(SIGNATURE + "21210024" + mapped))).contains("X-Real-IP: 1.2.3.4\r\n");
    }

    @Test
    void readsAnAnnouncementThatComesByteByByte() {
        Conversation client = world.client();
        client.sendByteByByte(bytes(TCP4)).sendByteByByte(request("GET", "/"));
        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(upstream.nextHead()).contains("X-Real-IP: 1.2.3.4\r\n");
    }

    @Test
    void servesTheProxyItself() {
        assertThat(heardAfter("PROXY UNKNOWN\r\n")).contains("X-Real-IP: 127.0.0.1\r\n");
        assertThat(heardAfter(bytes(SIGNATURE + "20000000"))).contains("X-Real-IP: 127.0.0.1\r\n");
    }

    @Test
    void doesNotTakeTheWordOfAStranger() {
        trust("10.0.0.0/8");
        assertThat(heardAfter("PROXY TCP4 1.2.3.4 5.6.7.8 4711 443\r\n"))
                .contains("X-Real-IP: 127.0.0.1\r\n", "X-Forwarded-Proto: http\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 4711\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 4711 65536\r\n",
                "PROXY TCP4 1.2.3.400 5.6.7.8 4711 80\r\n",
                "PROXY TCP4 ::1 ::1 4711 80\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 4711 80\n",
                "PROXY  TCP4 1.2.3.4 5.6.7.8 4711 80\r\n",
                "PROXY UDP4 1.2.3.4 5.6.7.8 4711 80\r\n",
                "PROXY \n"
            })
    void closesConnectionsThatAreNotAnnounced(String instead) {
        assertThat(world.client().send(instead).isClosedByPeer()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3111000c010203047f00000112340050",
                "2211000c010203047f00000112340050",
                "21110004" + "01020304",
                "2112000c010203047f00000112340050",
                "2111ffff"
            })
    void closesConnectionsWithAMalformedSecondVersion(String behindSignature) {
        assertThat(world.client().send(bytes(SIGNATURE + behindSignature)).isClosedByPeer())
                .isTrue();
    }

    @Test
    void closesConnectionsWhoseAnnouncementIsTooLong() {
        assertThat(world.client().send("PROXY UNKNOWN " + "a".repeat(200)).isClosedByPeer())
                .isTrue();
    }

    @Test
    void waitsFiveSecondsForTheAnnouncement() {
        Conversation client = world.client().send("PROXY TCP4 1.2.3.4 ");
        await().until(() -> {
            world.clock.advance(Duration.ofSeconds(6));
            return true;
        });
        assertThat(client.isClosedByPeer()).isTrue();
    }
}
