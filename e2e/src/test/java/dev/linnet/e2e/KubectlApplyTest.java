package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Declaring objects with kubectl apply, on the client's side and on the server's, and seeing what it would change. */
@ExtendWith(OnACluster.class)
final class KubectlApplyTest {

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void changesWhatTheManifestChangesAndLeavesTheRest(Terminal user) {
        String first = deployment("web", Images.PODINFO, "A: one, B: two");
        assertThat(user.kubectl(first, "apply -f -")).isEqualTo("deployment.apps/web created\n");
        assertThat(user.kubectl(first, "apply -f -")).isEqualTo("deployment.apps/web unchanged\n");
        assertThat(user.run(first, "diff -f -").exit()).isZero();
        user.kubectl("scale deploy web --replicas=0");
        user.kubectl("annotate deploy web by=hand");

        String second = deployment("web", Images.NEXT_PODINFO, "A: one");
        Program diff = user.run(second, "diff -f -");
        assertThat(diff.exit()).isOne();
        assertThat(diff.out())
                .containsPattern("- +(- )?image: " + Images.PODINFO)
                .containsPattern("\\+ +(- )?image: " + Images.NEXT_PODINFO)
                .containsPattern("- +B: two");
        assertThat(user.kubectl(second, "apply -f - --dry-run=server"))
                .isEqualTo("deployment.apps/web configured (server dry run)\n");
        assertThat(user.kubectl(second, "apply -f - --dry-run=client"))
                .isEqualTo("deployment.apps/web configured (dry run)\n");
        assertThat(user.field("deploy/web", ".metadata.generation}{..image")).isEqualTo("2" + Images.PODINFO);
        assertThat(user.kubectl(second, "apply -f -")).isEqualTo("deployment.apps/web configured\n");

        JsonNode web = user.json("get deploy web");
        assertThat(web.at("/spec/replicas").asInt(-1)).isZero();
        assertThat(web.at("/metadata/annotations/by").asText()).isEqualTo("hand");
        assertThat(web.at("/metadata/labels").toString()).isEqualTo("{\"A\":\"one\"}");
        assertThat(web.at("/spec/template/spec/containers/0/image").asText()).isEqualTo(Images.NEXT_PODINFO);
        assertThat(user.kubectl("apply view-last-applied deploy/web"))
                .contains(Images.NEXT_PODINFO)
                .doesNotContain("hand");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void prunesWhatIsNoLongerDeclared(Terminal user) {
        user.kubectl(configMap("one", "1") + "---\n" + configMap("two", "2"), "apply -f - -l set=mine");
        user.kubectl("create configmap other");
        assertThat(user.kubectl(
                        configMap("one", "1"), "apply -f - -l set=mine --prune --prune-allowlist=core/v1/ConfigMap"))
                .isEqualTo("configmap/one unchanged\nconfigmap/two pruned\n");
        assertThat(user.lines("get cm one two other --ignore-not-found -o name"))
                .containsExactly("configmap/one", "configmap/other");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void keepsServerSideAppliersApart(Terminal user) {
        String one = configMap("shared", "one");
        assertThat(user.kubectl(one, "apply --server-side -f -")).isEqualTo("configmap/shared serverside-applied\n");
        String version = user.field("cm/shared", ".metadata.resourceVersion");
        user.kubectl(one, "apply --server-side -f -");
        assertThat(user.field("cm/shared", ".metadata.resourceVersion")).isEqualTo(version);

        String two = configMap("shared", "two");
        assertThat(user.refused(two, "apply --server-side --field-manager=other -f -"))
                .contains("Apply failed with 1 conflict: conflict with \"kubectl\": .data.key");
        assertThat(user.field("cm/shared", ".data.key}{.metadata.resourceVersion"))
                .isEqualTo("one" + version);
        assertThat(user.run(two, "diff --server-side -f -").out()).contains("-  key: one", "+  key: two");
        user.kubectl(two, "apply --server-side --dry-run=server -f -");
        assertThat(user.field("cm/shared", ".data.key")).isEqualTo("one");
        user.kubectl(two, "apply --server-side --field-manager=other --force-conflicts -f -");
        assertThat(user.field("cm/shared", ".data.key")).isEqualTo("two");
        assertThat(
                        user.kubectl(
                                "get cm shared -o 'jsonpath={range .metadata.managedFields[*]}{.manager}={.operation} {end}' --show-managed-fields"))
                .contains("other=Apply");
        user.kubectl(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shared}\n",
                "apply --server-side --field-manager=other -f -");
        assertThat(user.field("cm/shared", ".data"))
                .as("nobody owns the key any more")
                .isEmpty();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void movesFromTheClientsSideToTheServersWithoutConflicts(Terminal user) {
        user.kubectl(configMap("moved", "one"), "apply -f -");
        assertThat(user.kubectl(configMap("moved", "two"), "apply --server-side -f -"))
                .isEqualTo("configmap/moved serverside-applied\n");
        JsonNode fields = user.json("get cm moved --show-managed-fields").at("/metadata/managedFields");
        assertThat(fields)
                .extracting(entry -> entry.path("manager").asText() + "="
                        + entry.path("operation").asText())
                .containsExactlyInAnyOrder("kubectl=Apply", "kubectl-last-applied=Apply");
        user.kubectl("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: moved}\n", "apply --server-side -f -");
        assertThat(user.field("cm/moved", ".data")).isEmpty();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void buildsAndAppliesAKustomization(Terminal user) {
        user.file("base/app.yaml", configMap("app", "base"));
        user.file("base/kustomization.yaml", "resources: [app.yaml]\n");
        Path overlay = user.file("overlay/kustomization.yaml", """
                resources: [../base]
                namePrefix: test-
                configMapGenerator:
                  - name: extra
                    literals: [a=b]
                patches:
                  - target: {kind: ConfigMap, name: app}
                    patch: '[{"op": "replace", "path": "/data/key", "value": "overlay"}]'
                """).getParent();
        assertThat(user.kubectl("kustomize " + overlay)).contains("name: test-app", "key: overlay");
        assertThat(user.run("", "diff -k " + overlay).exit()).isOne();
        assertThat(user.kubectl("apply -k " + overlay))
                .contains("configmap/test-app created")
                .containsPattern("configmap/test-extra-\\S+ created");
        assertThat(user.field("cm/test-app", ".data.key")).isEqualTo("overlay");
        assertThat(user.lines("get -k " + overlay + " -o name")).hasSize(2);
        assertThat(user.kubectl("delete -k " + overlay)).contains("configmap \"test-app\" deleted");
        assertThat(user.refused("get cm test-app")).contains("not found");
    }

    private static String deployment(String name, String image, String labels) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %s, labels: {%s}}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      containers:
                        - {name: web, image: "%s"}
                """.formatted(name, labels, image);
    }

    private static String configMap(String name, String value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name
                + "\n  labels: {set: mine}\ndata:\n  key: \"" + value + "\"\n";
    }
}
