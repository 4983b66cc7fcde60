package dev.linnet.apiserver.patch;

import static dev.linnet.apiserver.patch.TestSchema.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.schema.Schema;
import dev.linnet.apiserver.schema.SchemaCatalog;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The same rules on the types of Kubernetes itself, where lists have the keys that clients rely on. */
class KubernetesTypesTest {
    private static final SchemaCatalog TYPES = SchemaCatalog.load();
    private static final ObjectNode NOTHING = yaml("{}");

    @Test
    void anOperatorOwnsItsDeploymentAsItsMatcherExpects() {
        String applied = """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, labels: {app: web}}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      containers:
                      - name: app
                        image: app:1
                        env: [{name: A, value: x}]
                        ports: [{containerPort: 80, name: http}]
                        resources: {limits: {cpu: 100m}}
                        readinessProbe: {httpGet: {path: /, port: http}}
                        volumeMounts: [{name: data, mountPath: /data}]
                      volumes: [{name: data, emptyDir: {}}]
                """;
        ObjectNode stored = apply("Deployment", NOTHING, applied, "operator");
        // What defaulting adds, nobody applied.
        ObjectNode container = stored.withObject("/spec/template/spec/containers/0");
        container.put("imagePullPolicy", "IfNotPresent").put("terminationMessagePath", "/dev/termination-log");
        container.withObject("/ports/0").put("protocol", "TCP");
        container
                .withObject("/readinessProbe")
                .put("periodSeconds", 10)
                .withObject("/httpGet")
                .put("scheme", "HTTP");
        stored.withObject("/spec").put("revisionHistoryLimit", 10);

        assertThat(apply("Deployment", stored, applied, "operator")).isEqualTo(stored);
        assertThat(stored.at("/metadata/managedFields/0/fieldsV1")).isEqualTo(yaml("""
                f:metadata: {f:labels: {f:app: {}}}
                f:spec:
                  f:replicas: {}
                  f:selector: {}
                  f:template:
                    f:metadata: {f:labels: {f:app: {}}}
                    f:spec:
                      f:containers:
                        'k:{"name":"app"}':
                          .: {}
                          f:name: {}
                          f:image: {}
                          f:env: {'k:{"name":"A"}': {.: {}, f:name: {}, f:value: {}}}
                          f:ports:
                            'k:{"containerPort":80,"protocol":"TCP"}': {.: {}, f:containerPort: {}, f:name: {}}
                          f:resources: {f:limits: {f:cpu: {}}}
                          f:readinessProbe: {f:httpGet: {f:path: {}, f:port: {}}}
                          f:volumeMounts: {'k:{"mountPath":"/data"}': {.: {}, f:name: {}, f:mountPath: {}}}
                      f:volumes: {'k:{"name":"data"}': {.: {}, f:name: {}, f:emptyDir: {}}}
                """));
    }

    @Test
    void setImageLeavesTheOtherContainersAlone() {
        ObjectNode live = yaml("""
                spec: {template: {spec: {containers: [{name: a, image: 'a:1', args: [x]}, {name: b, image: 'b:1'}]}}}
                """);
        ObjectNode patch = yaml("""
                spec: {template: {spec: {
                  $setElementOrder/containers: [{name: a}, {name: b}],
                  containers: [{name: a, image: 'a:2'}]}}}
                """);

        assertThat(Patches.strategic(live, patch, type("apps/v1", "Deployment")))
                .isEqualTo(yaml("""
                spec: {template: {spec: {containers: [{name: a, image: 'a:2', args: [x]}, {name: b, image: 'b:1'}]}}}
                """));
    }

    @Test
    void servicePortsAreToldApartByPortAndProtocol() {
        ObjectNode service = apply("Service", NOTHING, """
                apiVersion: v1
                metadata: {name: dns}
                spec: {selector: {app: dns}, ports: [{port: 53, protocol: UDP}, {port: 53}]}
                """, "alice");

        JsonNode fields = service.at("/metadata/managedFields/0/fieldsV1/f:spec");
        assertThat(fields.path("f:ports").fieldNames())
                .toIterable()
                .containsExactly("k:{\"port\":53,\"protocol\":\"TCP\"}", "k:{\"port\":53,\"protocol\":\"UDP\"}");
        assertThat(fields.path("f:selector")).isEqualTo(NOTHING);
    }

    @Test
    void finalizersAndOwnersAreSharedElementByElement() {
        ObjectNode map = apply("ConfigMap", NOTHING, """
                apiVersion: v1
                metadata: {name: m, finalizers: [x.dev/a], ownerReferences: [{uid: u1, name: o}]}
                data: {k: v}
                """, "alice");
        map = apply("ConfigMap", map, """
                apiVersion: v1
                metadata: {name: m, finalizers: [x.dev/b], ownerReferences: [{uid: u2, name: p}]}
                """, "bob");

        assertThat(map.path("metadata").path("finalizers")).hasSize(2);
        assertThat(map.path("metadata").path("ownerReferences")).hasSize(2);
        assertThat(apply("ConfigMap", map, "{apiVersion: v1, metadata: {name: m}}", "bob")
                        .path("metadata")
                        .path("finalizers"))
                .isEqualTo(yaml("{l: [x.dev/a]}").path("l"));
    }

    @Test
    void conditionsOfAPodAreOwnedByTypeThroughItsStatus() {
        ObjectNode pod = yaml("{apiVersion: v1, metadata: {name: p}, spec: {nodeName: n}}");
        ObjectNode created = FieldOwnership.afterUpdate(NOTHING, pod, type("v1", "Pod"), writer("kubectl-run", ""));
        ObjectNode after = created.deepCopy();
        after.withObject("/status")
                .put("phase", "Running")
                .withArray("conditions")
                .addObject()
                .put("type", "Ready");

        ObjectNode reported =
                FieldOwnership.afterUpdate(created, after, type("v1", "Pod"), writer("kubelet", "status"));

        assertThat(reported.at("/metadata/managedFields/1/fieldsV1"))
                .isEqualTo(
                        yaml(
                                "{f:status: {f:phase: {}, f:conditions: {.: {}, 'k:{\"type\":\"Ready\"}': {.: {}, f:type: {}}}}}"));
        assertThat(reported.at("/metadata/managedFields/0/fieldsV1")).isEqualTo(yaml("{f:spec: {f:nodeName: {}}}"));
    }

    private static ObjectNode apply(String kind, ObjectNode live, String configuration, String manager) {
        ObjectNode applied = yaml(configuration);
        String version = applied.path("apiVersion").asText();
        Writer writer = new Writer(manager, "", version, true, Instant.EPOCH);
        return FieldOwnership.afterApply(live, applied, type(version, kind), false, writer);
    }

    private static Writer writer(String manager, String subresource) {
        return new Writer(manager, subresource, "v1", true, Instant.EPOCH);
    }

    private static Schema type(String groupVersion, String kind) {
        return TYPES.find(groupVersion, kind).orElseThrow();
    }
}
