package dev.linnet.manifests.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a Service whose traffic passes through gateways, whoever edits it meanwhile. */
final class TakeoverTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Map<Integer, Integer> PORTS = Map.of(80, 15_100);

    @Test
    void leavesTheServiceAsItWasWhenItIsUndone() throws Exception {
        Service plain = service();

        Service taken = patched(plain, Takeover.patch(plain, PORTS));

        assertThat(taken.getSpec().getSelector()).isEqualTo(Map.of("app", "linnet-mesh", "tier", "linnet-mesh"));
        assertThat(taken.getSpec().getPorts().getFirst().getTargetPort().getIntVal())
                .isEqualTo(15_100);
        assertThat(Takeover.isComplete(taken, PORTS)).isTrue();
        Service back = patched(taken, Takeover.undo(taken));
        assertThat(back.getSpec()).isEqualTo(plain.getSpec());
        assertThat(back.getMetadata().getLabels()).isEqualTo(plain.getMetadata().getLabels());
        assertThat(back.getMetadata().getAnnotations()).isNullOrEmpty();
    }

    @Test
    void takesWhatSomebodyEditsForWhatIsWantedAndTheRestForWhatItWas() throws Exception {
        Service plain = service();
        Service taken = patched(plain, Takeover.patch(plain, PORTS));
        Service applied = new ServiceBuilder(taken)
                .editSpec()
                .withSelector(Map.of("app", "other", "tier", "linnet-mesh"))
                .endSpec()
                .build();

        Original wanted = Takeover.wanted(applied);

        assertThat(wanted.selector()).isEqualTo(Map.of("app", "other", "tier", "back"));
        assertThat(wanted.ports().getFirst().path("targetPort").asText()).isEqualTo("http");
        assertThat(Takeover.isComplete(applied, PORTS)).isFalse();
        assertThat(patched(applied, Takeover.undo(applied)).getSpec().getSelector())
                .isEqualTo(Map.of("app", "other", "tier", "back"));
    }

    @Test
    void hearsTheServiceBeforeItsNamespace() {
        var opted = Optional.of(new ObjectMetaBuilder()
                .withLabels(Map.of("linnet.dev/mesh", "true"))
                .build());

        assertThat(Takeover.wants(service(), opted)).isTrue();
        assertThat(Takeover.wants(service(), Optional.empty())).isFalse();
        Service not = service();
        not.getMetadata().setLabels(Map.of("linnet.dev/mesh", "false"));
        assertThat(Takeover.wants(not, opted)).isFalse();
    }

    @Test
    void showsWhatIsWantedAndStaysTakenOverWhenThatChanges() throws Exception {
        Service plain = service();
        Service taken = patched(plain, Takeover.patch(plain, PORTS));

        Service shown = Takeover.asWanted(taken);
        assertThat(shown.getSpec()).isEqualTo(plain.getSpec());
        assertThat(shown.getMetadata().getAnnotations()).isNullOrEmpty();
        assertThat(Takeover.asWanted(plain)).isSameAs(plain);

        Service released = new ServiceBuilder(shown)
                .editSpec()
                .addToSelector("app", "back-primary")
                .editFirstPort()
                .withTargetPort(new IntOrString(8080))
                .endPort()
                .endSpec()
                .build();
        Service written = Takeover.with(taken, released);
        assertThat(Takeover.isComplete(written, PORTS)).isTrue();
        assertThat(Takeover.asWanted(written).getSpec()).isEqualTo(released.getSpec());
    }

    @Test
    void givesBackWhatGatewaysCouldNotServeAsItIsWantedNow() throws Exception {
        Service plain = service();
        Service taken = patched(plain, Takeover.patch(plain, PORTS));

        Service otherKeys = new ServiceBuilder(Takeover.asWanted(taken))
                .editSpec()
                .withSelector(Map.of("name", "back"))
                .endSpec()
                .build();
        Service otherPorts = new ServiceBuilder(Takeover.asWanted(taken))
                .editSpec()
                .addNewPort()
                .withName("admin")
                .withPort(81)
                .endPort()
                .endSpec()
                .build();

        assertThat(Takeover.with(taken, otherKeys)).isEqualTo(otherKeys);
        assertThat(Takeover.with(taken, otherPorts)).isEqualTo(otherPorts);
        assertThat(Takeover.with(plain, otherKeys)).isEqualTo(otherKeys);
    }

    @Test
    void takesWhatSomebodyHasSpoiledForNotThere() {
        for (String spoiled : List.of(
                "",
                "null",
                "{}",
                "{\"selector\": {\"app\": {}}, \"ports\": []}",
                "{\"selector\": {\"app\": null}, \"ports\": []}",
                "{\"selector\": {}, \"ports\": [null]}",
                "{\"selector\": {}, \"ports\": [{\"port\": {}}]}",
                "{\"selector\": {}, \"ports\": [{}]}")) {
            Service service = new ServiceBuilder(service())
                    .editMetadata()
                    .addToAnnotations(Original.ANNOTATION, spoiled)
                    .endMetadata()
                    .build();

            assertThat(Original.kept(service)).as(spoiled).isEmpty();
        }
        assertThat(MeshPort.allocate(Map.of("back.80", "much"), List.of(service())))
                .isEqualTo(Map.of("back.80", "15100"));
    }

    @Test
    void keepsPortsThatWereGivenOut() {
        Service other = service();
        other.getMetadata().setName("another");

        Map<String, String> first = MeshPort.allocate(Map.of(), List.of(service()));
        Map<String, String> both = MeshPort.allocate(first, List.of(other, service()));

        assertThat(both).containsAllEntriesOf(first).hasSize(2);
        assertThat(both.values()).doesNotHaveDuplicates();
        assertThat(MeshPort.allocate(both, List.of(other))).containsOnlyKeys("another.80");
        assertThat(MeshPort.of("back", first)).isEqualTo(PORTS);
    }

    private static Service service() {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("back")
                .withUid("uid")
                .withResourceVersion("7")
                .withLabels(Map.of("app", "back"))
                .endMetadata()
                .withNewSpec()
                .withType("ClusterIP")
                .withClusterIP("10.0.0.1")
                .withSelector(Map.of("app", "back", "tier", "back"))
                .withPorts(new ServicePortBuilder()
                        .withName("http")
                        .withPort(80)
                        .withProtocol("TCP")
                        .withTargetPort(new IntOrString("http"))
                        .build())
                .endSpec()
                .build();
    }

    /** As an API server would apply a JSON patch (RFC 6902), as far as ours go. */
    private static Service patched(Service service, String patch) throws Exception {
        ObjectNode object = JSON.valueToTree(service);
        for (JsonNode step : JSON.readTree(patch)) {
            String path = step.path("path").asText();
            String parent = path.substring(0, path.lastIndexOf('/'));
            String key =
                    path.substring(path.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
            JsonNode at = object.at(parent);
            switch (step.path("op").asText()) {
                case "test" -> assertThat(at.path(key)).isEqualTo(step.path("value"));
                case "remove" -> ((ObjectNode) at).remove(key);
                default -> {
                    if (at instanceof ArrayNode array) {
                        array.set(Integer.parseInt(key), step.path("value"));
                    } else {
                        ((ObjectNode) at).set(key, step.path("value"));
                    }
                }
            }
        }
        return JSON.treeToValue(object, Service.class);
    }
}
