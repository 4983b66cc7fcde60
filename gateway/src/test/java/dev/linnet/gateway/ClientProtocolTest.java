package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.ManifestFiles;
import dev.linnet.manifests.istio.IstioObject;
import dev.linnet.manifests.istio.IstioObjects;
import dev.linnet.routing.policy.TrafficPolicy;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In which version of HTTP endpoints are spoken to (spec of Istio, §2.6, §5.2), told by endpoints that understand both. */
final class ClientProtocolTest {
    private final World world = new World();

    @BeforeEach
    void serves() {
        world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
            String first = turn.hear();
            if (first.startsWith("PRI ")) {
                turn.with().read("SM\r\n\r\n".length());
                answerHttp2(Frames.spoken(turn.with()));
            }
            while (true) {
                turn.say(ScriptedUpstream.ok("HTTP/1.1"));
                turn.hear();
            }
        }));
    }

    private static void answerHttp2(Frames with) {
        with.send(Frames.SETTINGS, 0, 0, new byte[0]);
        while (true) {
            Frames.Frame frame = with.next();
            if (frame.type() == Frames.HEADERS) {
                with.decode(frame);
                with.fields(frame.stream(), false, ":status", "200").data(frame.stream(), "HTTP/2", true);
            }
        }
    }

    @AfterEach
    void stops() {
        world.close();
    }

    @Test
    void gw6SpeaksHttp11ToEndpointsWhateverTheClientSpeaks() {
        assertThat(byHttp11()).isEqualTo("HTTP/1.1");
        assertThat(byHttp2()).isEqualTo("HTTP/1.1");
    }

    /** Also where the port says that HTTP/2 is spoken there. */
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void gw7SpeaksToEndpointsAsTheClientSpeaksWhereARuleSaysSo(boolean http2) {
        TrafficPolicy said = policy("useClientProtocol: true");
        obeys(http2 ? said.overHttp2() : said);

        for (int i = 0; i < 2; i++) {
            assertThat(byHttp11()).isEqualTo("HTTP/1.1");
            assertThat(byHttp2()).isEqualTo("HTTP/2");
        }
    }

    @Test
    void speaksHttp2ToEndpointsWhereARuleSaysSo() {
        obeys(policy("h2UpgradePolicy: UPGRADE"));

        assertThat(byHttp11()).contains("HTTP/2");
        assertThat(byHttp2()).isEqualTo("HTTP/2");
    }

    private void obeys(TrafficPolicy policy) {
        world.gateway.routes().policies(Map.of(World.WEB, policy));
    }

    private static TrafficPolicy policy(String http) {
        String rule = """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: web, namespace: default}
                spec:
                  host: web
                  trafficPolicy: {connectionPool: {http: {%s}}}
                """.formatted(http);
        return new IstioObjects(
                        IstioObject.all(ManifestFiles.parse("test.yaml", rule).istio()))
                .policies(Optional.empty())
                .of(World.WEB, OptionalInt.of(80));
    }

    private String byHttp11() {
        return world.get("/").body();
    }

    private String byHttp2() {
        try (Frames client = Frames.over(world.client())) {
            return client.get(1, "/").answer(1).body.toString();
        }
    }
}
