package dev.linnet.apiserver.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProtobufBodyTest {

    /** A request body in base64, and the object it stands for. */
    record Sent(String command, String base64, JsonNode object) {
        byte[] body() {
            return Base64.getDecoder().decode(base64);
        }

        @Override
        public String toString() {
            return command;
        }
    }

    static List<Sent> bodies() throws IOException {
        List<Sent> bodies = new ArrayList<>();
        for (JsonNode sent : Json.resource("/schema/kubectl-protobuf.yaml")) {
            String body = sent.path("body").asText().replace(" ", "");
            JsonNode object = Json.MAPPER.readTree(sent.path("object").asText());
            bodies.add(new Sent(sent.path("command").asText(), body, object));
        }
        return bodies;
    }

    /** Compared as text, because the same number may be an int or a long node. */
    @ParameterizedTest
    @MethodSource("bodies")
    void readsWhatKubectlSends(Sent sent) {
        assertThat(Json.yaml(ProtobufBody.decode(sent.body()).toString())).isEqualTo(sent.object());
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void hasOnlyFieldsThatTheKindHas(Sent sent) {
        Schema schema = SchemaCatalog.load()
                .find(
                        sent.object().path("apiVersion").asText(),
                        sent.object().path("kind").asText())
                .orElseThrow();

        assertThat(StrictDecoding.unknownFields(ProtobufBody.decode(sent.body()), schema))
                .isEmpty();
    }

    @Test
    void keepsZeroWhereItDiffersFromNotSet() {
        byte[] spec = message(field(1, 0L), field(5, 0L), field(7, 0L));
        byte[] status = message(field(8, 0L), field(1, 0L));
        byte[] deployment = message(field(2, spec), field(3, status));

        ObjectNode object = ProtobufBody.decode(envelope("apps/v1", "Deployment", deployment));

        assertThat(object.path("spec").path("replicas").asInt(-1)).isZero();
        assertThat(object.path("spec").size()).isEqualTo(1);
        assertThat(object.path("status").path("collisionCount").asInt(-1)).isZero();
        assertThat(object.path("status").size()).isEqualTo(1);
    }

    @Test
    void writesTimesAsJsonDoesAndLeavesOutUnsetOnes() {
        byte[] time = message(field(1, 1_700_000_000L));
        byte[] metadata = message(field(8, new byte[0]), field(9, time));

        ObjectNode object = ProtobufBody.decode(envelope("v1", "Namespace", message(field(1, metadata))));

        assertThat(object.path("metadata")).isEqualTo(Json.yaml("deletionTimestamp: '2023-11-14T22:13:20Z'"));
    }

    @Test
    void readsOptionsUnderAnyGroupVersion() {
        ObjectNode options = ProtobufBody.decode(envelope(
                "apps/v1", "DeleteOptions", message(field(1, 0L), field(4, "Foreground".getBytes(UTF_8)))));

        assertThat(Json.yaml(options.toString()))
                .isEqualTo(
                        Json.yaml(
                                "{apiVersion: apps/v1, kind: DeleteOptions, gracePeriodSeconds: 0, propagationPolicy: Foreground}"));
    }

    /** kubectl 1.33 sends this version from {@code autoscale}. */
    @Test
    void readsAutoscalersOfVersionTwo() {
        byte[] target = message(
                field(1, "Deployment".getBytes(UTF_8)),
                field(2, "web".getBytes(UTF_8)),
                field(3, "apps/v1".getBytes(UTF_8)));
        byte[] utilization = message(field(1, "Utilization".getBytes(UTF_8)), field(4, 80L));
        byte[] resource = message(field(1, "cpu".getBytes(UTF_8)), field(2, utilization));
        byte[] metric = message(field(1, "Resource".getBytes(UTF_8)), field(4, resource));
        byte[] spec = message(field(1, target), field(2, 1L), field(3, 4L), field(4, metric));

        ObjectNode autoscaler =
                ProtobufBody.decode(envelope("autoscaling/v2", "HorizontalPodAutoscaler", message(field(2, spec))));

        assertThat(Json.yaml(autoscaler.toString()).path("spec")).isEqualTo(Json.yaml("""
                        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                        minReplicas: 1
                        maxReplicas: 4
                        metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
                        """));
    }

    @Test
    void refusesAKindThatItDoesNotKnow() {
        assertThatThrownBy(() -> ProtobufBody.decode(envelope("example.com/v1", "Widget", new byte[0])))
                .isInstanceOfSatisfying(
                        ApiFailure.class, failure -> assertThat(failure.code()).isEqualTo(415))
                .hasMessageContaining("Widget");
    }

    @Test
    void refusesWhatIsNoSuchBody() {
        for (byte[] body : List.of(new byte[0], "{}".getBytes(UTF_8), new byte[] {'k', '8', 's', 0, (byte) 0xFF})) {
            assertThatThrownBy(() -> ProtobufBody.decode(body))
                    .isInstanceOfSatisfying(
                            ApiFailure.class,
                            failure -> assertThat(failure.code()).isEqualTo(400));
        }
    }

    /** Whatever bytes come, the answer is an object or a refusal. */
    @Test
    void neverFailsOtherwiseHoweverBodiesAreDamaged() throws IOException {
        Random random = new Random(25);
        for (Sent sent : bodies()) {
            for (int round = 0; round < 200; round++) {
                byte[] damaged = sent.body();
                damaged[4 + random.nextInt(damaged.length - 4)] = (byte) random.nextInt();
                try {
                    ProtobufBody.decode(damaged);
                } catch (ApiFailure e) {
                    assertThat(e.code()).isIn(400, 415);
                }
            }
        }
    }

    private static byte[] envelope(String apiVersion, String kind, byte[] object) {
        byte[] type = message(field(1, apiVersion.getBytes(UTF_8)), field(2, kind.getBytes(UTF_8)));
        return message("k8s\0".getBytes(UTF_8), field(1, type), field(2, object));
    }

    private static byte[] message(byte[]... parts) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            message.writeBytes(part);
        }
        return message.toByteArray();
    }

    private static byte[] field(int number, long value) {
        return message(varint(number << 3), varint(value));
    }

    private static byte[] field(int number, byte[] value) {
        return message(varint(number << 3 | 2), varint(value.length), value);
    }

    private static byte[] varint(long value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long rest = value;
        while (rest >= 0x80) {
            bytes.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes.write((int) rest);
        return bytes.toByteArray();
    }
}
