package dev.linnet.machine.node.spec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.machine.address.LowPorts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnvironmentTest {

    private final Pod pod = Serialization.unmarshal("""
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: test, uid: u-1, labels: {app: web, tier: "a\\"b"}}
            spec:
              nodeName: node-1
              containers:
              - {name: app, resources: {requests: {cpu: 250m, memory: 64Mi}, limits: {memory: 128Mi}}}
            """, Pod.class);

    private final References references = new References() {
        @Override
        public Optional<Map<String, byte[]>> configMap(String name) {
            return name.equals("settings") ? Optional.of(Map.of("color", "blue".getBytes(UTF_8))) : Optional.empty();
        }

        @Override
        public Optional<Map<String, byte[]>> secret(String name) {
            return name.equals("keys") ? Optional.of(Map.of("key", "s3cret".getBytes(UTF_8))) : Optional.empty();
        }

        @Override
        public String token(String audience, Duration life) {
            return "token for " + (audience.isEmpty() ? "anybody" : audience) + ", " + life.toSeconds() + " s";
        }
    };

    private final DownwardApi self =
            new DownwardApi(pod, "127.70.0.2", "127.70.127.1", Map.of("cpu", Quantity.parse("32")));

    @Test
    void letsLaterVariablesUseAndReplaceEarlierOnes() throws MissingReference {
        Container container = container("""
                envFrom: [{configMapRef: {name: settings}}, {prefix: S_, secretRef: {name: keys}}]
                env:
                - {name: color, value: "dark $(color)"}
                - {name: LATE, value: "$(LATER)"}
                - {name: LATER, value: "1"}
                """);

        assertThat(environment(container))
                .containsEntry("GIVEN", "yes")
                .containsEntry("color", "dark blue")
                .containsEntry("S_key", "s3cret")
                .containsEntry("LATE", "$(LATER)");
    }

    @Test
    void tellsAContainerWhatItMayKnowOfItself() throws MissingReference {
        Container container = container("""
                env:
                - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                - {name: HOST, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}
                - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                - {name: LABELS, valueFrom: {fieldRef: {fieldPath: metadata.labels}}}
                - {name: NONE, valueFrom: {fieldRef: {fieldPath: "metadata.annotations['x']"}}}
                - {name: CPU, valueFrom: {resourceFieldRef: {resource: requests.cpu}}}
                - {name: MILLI, valueFrom: {resourceFieldRef: {resource: requests.cpu, divisor: 1m}}}
                - {name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
                - {name: NODE_CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
                resources: {requests: {cpu: 250m, memory: 64Mi}, limits: {memory: 128Mi}}
                """);

        assertThat(environment(container))
                .containsEntry("IP", "127.70.0.2")
                .containsEntry("HOST", "127.70.127.1")
                .containsEntry("NODE", "node-1")
                .containsEntry("LABELS", "app=\"web\"\ntier=\"a\\\"b\"")
                .containsEntry("NONE", "")
                .containsEntry("CPU", "1")
                .containsEntry("MILLI", "250")
                .containsEntry("MEMORY", "128")
                .containsEntry("NODE_CPU", "32");
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> environment(container("envFrom: [{configMapRef: {name: nope}}]")))
                .isInstanceOf(MissingReference.class)
                .hasMessage("configmap \"nope\" not found");
        assertThatThrownBy(() ->
                        environment(container("env: [{name: A, valueFrom: {secretKeyRef: {name: keys, key: nope}}}]")))
                .hasMessage("couldn't find key nope in Secret test/keys");
        assertThatThrownBy(
                        () -> environment(container("env: [{name: A, valueFrom: {fieldRef: {fieldPath: spec.nope}}}]")))
                .hasMessage("unsupported fieldPath: spec.nope");
    }

    @Test
    void doesWithoutWhatIsOptional() throws MissingReference {
        Container container = container("""
                envFrom: [{configMapRef: {name: nope, optional: true}}]
                env:
                - {name: A, valueFrom: {configMapKeyRef: {name: nope, key: x, optional: true}}}
                - {name: B, valueFrom: {configMapKeyRef: {name: settings, key: x, optional: true}}}
                """);

        assertThat(environment(container)).containsOnlyKeys("GIVEN");
    }

    @Test
    void namesTheServicesOfTheNamespaceAndTheApi() {
        List<Service> services = List.of(
                service("default", "kubernetes", "127.70.128.1", "{name: https, port: 443}"),
                service("default", "other", "127.70.128.2", "{port: 80}"),
                service("test", "my-db", "127.70.128.3", "{name: sql, port: 5432}, {name: http-x, port: 80}"),
                service("test", "headless", "None", "{port: 80}"));

        Map<String, String> environment = ServiceEnvironment.of("test", true, services, new LowPorts(1024));

        assertThat(environment)
                .containsEntry("KUBERNETES_SERVICE_HOST", "127.70.128.1")
                .containsEntry("KUBERNETES_SERVICE_PORT_HTTPS", "20443")
                .containsEntry("MY_DB_SERVICE_PORT", "5432")
                .containsEntry("MY_DB_SERVICE_PORT_HTTP_X", "20080")
                .containsEntry("MY_DB_PORT", "tcp://127.70.128.3:5432")
                .containsEntry("MY_DB_PORT_5432_TCP_ADDR", "127.70.128.3")
                .doesNotContainKeys("OTHER_SERVICE_HOST", "HEADLESS_SERVICE_HOST");
        assertThat(ServiceEnvironment.of("test", false, services, LowPorts.allowed()))
                .containsKey("KUBERNETES_SERVICE_HOST")
                .doesNotContainKey("MY_DB_SERVICE_HOST");
    }

    private Map<String, String> environment(Container container) throws MissingReference {
        return new Environment(references, self).of(container, Map.of("GIVEN", "yes"));
    }

    private static Container container(String yaml) {
        return Serialization.unmarshal("name: app\n" + yaml, Container.class);
    }

    private static Service service(String namespace, String name, String address, String ports) {
        return Serialization.unmarshal("""
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: %s}
                spec: {clusterIP: %s, ports: [%s]}
                """.formatted(name, namespace, address, ports), Service.class);
    }
}
