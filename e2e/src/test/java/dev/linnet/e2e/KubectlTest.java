package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What people type at a cluster all day: kubectl must see no difference. Each story has a namespace of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KubectlTest {
    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @BeforeAll
    void startsTheCluster() throws Exception {
        Kubectl.needed();
        cluster = Cluster.start();
    }

    @AfterAll
    void stopsTheCluster() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void runsPodinfoWithTheReplicasThatItsAutoscalerWants() {
        String podinfo = Linnet.run("sample", "podinfo").ok();
        assertThat(cluster.apply(podinfo))
                .contains("namespace/test created", "deployment.apps/podinfo created", "service/podinfo created");
        assertThat(cluster.apply(podinfo).lines()).hasSize(4).allMatch(line -> line.endsWith(" unchanged"));
        in("test", "wait", "deploy/podinfo", "--for=jsonpath={.status.readyReplicas}=2", "--timeout=30s");

        assertThat(in("test", "get", "hpa")).containsPattern("podinfo +Deployment/podinfo +\\S+ <unknown>/99% +2 +4 +");
        assertThat(in("test", "describe", "hpa", "podinfo"))
                .contains("New size: 2; reason: Current number of replicas");
        assertThat(in("test", "get", "all").lines().map(line -> line.split("[/ ]", -1)[0]))
                .contains(
                        "pod", "service", "deployment.apps", "replicaset.apps", "horizontalpodautoscaler.autoscaling");
        assertThat(in("test", "get", "pods", "-o", "wide", "--show-labels"))
                .containsPattern("podinfo-\\S+ +1/1 +Running +0 +\\S+ +127\\.\\S+ +node-[123] .*app=podinfo");
        assertThat(in("test", "get", "pods", "-A", "-l", "app in (podinfo,other)", "-o", "name")
                        .lines())
                .hasSize(2)
                .allMatch(name -> name.startsWith("pod/podinfo-"));
        assertThat(in("test", "get", "pods", "--field-selector=status.phase=Pending"))
                .isEmpty();
        assertThat(in("test", "get", "deploy", "-o", "custom-columns=N:.metadata.name,I:..image")
                        .lines())
                .containsExactly("N         I", "podinfo   stefanprodan/podinfo:3.1.0");
        assertThat(in("test", "describe", "service", "podinfo"))
                .containsPattern("TargetPort: +http/TCP\\nEndpoints: +127\\S+:9898,127\\S+:9898\\n");
        assertThat(in("test", "logs", "deploy/podinfo", "--tail=5")).contains("Starting podinfo");
        assertThat(in("test", "events", "--types=Normal", "--for", "deploy/podinfo"))
                .containsPattern("Scaled up replica set podinfo-\\S+ from 1 to 2");
    }

    @Test
    void rollsOutPausesAndUndoes() {
        namespace("rollouts");
        in("rollouts", "create", "deployment", "web", "--image=example/myapp", "--replicas=2", "--port=5000");
        rolledOut("rollouts", "web");
        assertThat(in("rollouts", "set", "env", "deploy/web", "version=v2"))
                .isEqualTo("deployment.apps/web env updated\n");
        rolledOut("rollouts", "web");
        assertThat(in("rollouts", "rollout", "history", "deploy/web")
                        .lines()
                        .skip(2)
                        .filter(line -> !line.isEmpty()))
                .containsExactly("1         <none>", "2         <none>");
        assertThat(in("rollouts", "rollout", "history", "deploy/web", "--revision=2"))
                .containsPattern("version:\\s+v2");

        in("rollouts", "rollout", "undo", "deploy/web");
        rolledOut("rollouts", "web");
        assertThat(in("rollouts", "get", "rs", "-o", "name").lines()).hasSize(2);
        assertThat(in("rollouts", "rollout", "history", "deploy/web")
                        .lines()
                        .skip(2)
                        .filter(line -> !line.isEmpty()))
                .containsExactly("2         <none>", "3         <none>");
        assertThat(refused("rollouts", "rollout", "undo", "deploy/web", "--to-revision=99"))
                .contains("unable to find specified revision 99 in history");

        in("rollouts", "rollout", "pause", "deploy/web");
        in("rollouts", "set", "image", "deploy/web", "myapp=example/myapp:7");
        assertThat(in("rollouts", "get", "rs", "-o", "name").lines()).hasSize(2);
        in("rollouts", "rollout", "resume", "deploy/web");
        rolledOut("rollouts", "web");
        in("rollouts", "rollout", "restart", "deploy/web");
        rolledOut("rollouts", "web");
        assertThat(in("rollouts", "get", "pods", "-o", "jsonpath={.items[*].spec.containers[*].image}"))
                .contains("example/myapp:7");

        in("rollouts", "scale", "deploy/web", "--replicas=3");
        assertThat(refused("rollouts", "scale", "deploy/web", "--replicas=1", "--current-replicas=7"))
                .contains("Expected replicas to be 7, was 3");
        in("rollouts", "wait", "deploy/web", "--for=jsonpath={.status.readyReplicas}=3", "--timeout=30s");
        in("rollouts", "autoscale", "deploy", "web", "--min=1", "--max=2", "--cpu-percent=80");
        in("rollouts", "wait", "deploy/web", "--for=jsonpath={.spec.replicas}=2", "--timeout=30s");
    }

    @Test
    void changesObjectsInEveryWayThatKubectlKnows() throws Exception {
        namespace("changes");
        in("changes", "create", "deployment", "web", "--image=myapp", "--replicas=0");
        in(
                "changes",
                "patch",
                "deploy",
                "web",
                "-p",
                template("{\"name\":\"myapp\",\"env\":[{\"name\":\"A\",\"value\":\"1\"}]}"));
        in(
                "changes",
                "patch",
                "deploy",
                "web",
                "--type=merge",
                "-p",
                "{\"metadata\":{\"labels\":{\"tier\":\"x\",\"app\":null}}}");
        in(
                "changes",
                "patch",
                "deploy",
                "web",
                "--type=json",
                "-p",
                "[{\"op\":\"add\",\"path\":\"/spec/paused\",\"value\":true}]");
        in("changes", "label", "deploy", "web", "a=b");
        assertThat(refused("changes", "label", "deploy", "web", "a=c")).contains("already has a value (b)");
        in("changes", "label", "deploy", "web", "a=c", "--overwrite");
        in("changes", "annotate", "deploy", "web", "note=one two");
        edit("changes", "deploy/web", "s/revisionHistoryLimit: 10/revisionHistoryLimit: 3/");

        JsonNode web = json("changes", "deploy", "web");
        JsonNode container = web.at("/spec/template/spec/containers/0");
        assertThat(container.path("image").asText()).isEqualTo("myapp");
        assertThat(container.at("/env/0/value").asText()).isEqualTo("1");
        assertThat(web.at("/metadata/labels").toString()).isEqualTo("{\"a\":\"c\",\"tier\":\"x\"}");
        assertThat(web.at("/metadata/annotations/note").asText()).isEqualTo("one two");
        assertThat(web.at("/spec/paused").asBoolean()).isTrue();
        assertThat(web.at("/spec/revisionHistoryLimit").asInt()).isEqualTo(3);

        assertThat(refused("changes", "patch", "deploy", "web", "-p", "{\"spec\":{\"replicas\":\"x\"}}"))
                .contains(
                        "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32");
        assertThat(refused(
                        "changes",
                        "patch",
                        "deploy",
                        "web",
                        "-p",
                        "{\"spec\":{\"selector\":{\"matchLabels\":{\"b\":\"c\"}}}}"))
                .contains("`selector` does not match template `labels`", "field is immutable");
    }

    @Test
    void keepsAppliersApart() {
        namespace("owners");
        String first = configMap("shared", "one");
        assertThat(apply("owners", first, "--server-side")).isEqualTo("configmap/shared serverside-applied\n");
        String version = in("owners", "get", "cm", "shared", "-o", "jsonpath={.metadata.resourceVersion}");
        apply("owners", first, "--server-side");
        assertThat(in("owners", "get", "cm", "shared", "-o", "jsonpath={.metadata.resourceVersion}"))
                .isEqualTo(version);

        String second = configMap("shared", "two");
        Program conflict = with("owners", second, "apply", "--server-side", "--field-manager=other", "-f", "-");
        assertThat(conflict.exit()).isOne();
        assertThat(conflict.err()).contains("Apply failed with 1 conflict: conflict with \"kubectl\": .data.key");
        assertThat(with("owners", second, "diff", "--server-side", "-f", "-").out())
                .contains("-  key: one", "+  key: two");
        apply("owners", second, "--server-side", "--dry-run=server");
        assertThat(in("owners", "get", "cm", "shared", "-o", "jsonpath={.data.key}"))
                .isEqualTo("one");
        apply("owners", second, "--server-side", "--field-manager=other", "--force-conflicts");
        assertThat(in("owners", "get", "cm", "shared", "-o", "jsonpath={.data.key}"))
                .isEqualTo("two");

        in("owners", "create", "deployment", "web", "--image=myapp");
        rolledOut("owners", "web");
        assertThat(in("owners", "get", "deploy", "web", "-o", "yaml", "--show-managed-fields"))
                .contains("manager: kubectl-create", "manager: kube-controller-manager")
                .doesNotContain("fabric8");
    }

    @Test
    void saysWhatIsWrongAsARealServerDoes() {
        namespace("wrong");
        String unknownField = Manifests.app("typo", "myapp", 5000, 1, "v1").replace("replicas:", "replica:");
        assertThat(refusedInput("wrong", unknownField, "apply", "-f", "-"))
                .contains("strict decoding error: unknown field \"spec.replica\"");
        assertThat(refusedInput("wrong", "apiVersion: foo/v1\nkind: Bar\nmetadata: {name: x}\n", "apply", "-f", "-"))
                .contains("no matches for kind \"Bar\" in version \"foo/v1\"", "ensure CRDs are installed first");
        assertThat(refusedInput("wrong", "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n", "apply", "-f", "-"))
                .contains("The Pod \"x\" is invalid: spec.containers: Required value");
        assertThat(refusedInput(
                        "wrong",
                        "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{port: 70000}]}\n",
                        "apply",
                        "-f",
                        "-"))
                .contains("spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive");
        assertThat(refused("wrong", "get", "pod", "nope"))
                .contains("Error from server (NotFound): pods \"nope\" not found");
        assertThat(refused("wrong", "get", "nope")).contains("the server doesn't have a resource type \"nope\"");
        assertThat(refused("wrong", "get", "pods", "--field-selector=spec.nope=1"))
                .contains("field label not supported: spec.nope");
        assertThat(refused("nowhere", "create", "configmap", "x")).contains("namespaces \"nowhere\" not found");
        assertThat(refused("wrong", "create", "configmap", "Bad_Name"))
                .contains("a lowercase RFC 1123 subdomain must consist of");
        assertThat(refused("wrong", "create", "namespace", "wrong")).contains("namespaces \"wrong\" already exists");
        assertThat(refused("wrong", "wait", "--for=condition=Ready", "pod/nope", "--timeout=1s"))
                .contains("pods \"nope\" not found");
    }

    @Test
    void tellsWhichImagesItHasWhenOneIsUnknown() {
        namespace("images");
        in("images", "run", "stranger", "--image=docker.io/nope/nothing:1");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> in("images", "get", "pod", "stranger")
                        .matches("(?s).* 0/1 +(ErrImagePull|ImagePullBackOff) .*"));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(in("images", "describe", "pod", "stranger"))
                        .contains("Failed to pull image \"docker.io/nope/nothing:1\"", "use one of: ", "podinfo"));
        assertThat(refused("images", "logs", "stranger")).contains("is waiting to start");
        assertThat(refused("images", "debug", "stranger", "--image=myapp"))
                .contains("ephemeral containers are disabled");
        assertThat(refused("images", "exec", "stranger", "--", "ls"))
                .contains("exec, attach, cp and port-forward are not served here");
    }

    @Test
    void servesACustomKindFromItsDefinitionToItsEnd() {
        namespace("custom");
        cluster.apply(Manifests.read("crontab-crd.yaml", Map.of()));
        in("custom", "wait", "--for=condition=Established", "crd/crontabs.stable.example.com", "--timeout=10s");
        apply("custom", cronTab("mine", "5"));
        assertThat(apply("custom", cronTab("mine", "5"))).isEqualTo("crontab.stable.example.com/mine unchanged\n");
        assertThat(in("custom", "get", "ct")).containsPattern("NAME +SPEC +REPLICAS +AGE\\nmine +5 +2 ");
        assertThat(in("custom", "explain", "crontab.spec"))
                .containsPattern("cronSpec\\s+<string> -required-\\n +When it runs\\.");
        assertThat(refusedInput("custom", cronTab("mine", "x"), "apply", "-f", "-"))
                .contains("spec.cronSpec: Invalid value: \"x\": spec.cronSpec in body should match '^\\d+$'");

        in(
                "custom",
                "patch",
                "ct",
                "mine",
                "--type=merge",
                "--subresource=status",
                "-p",
                "{\"status\":{\"replicas\":3},\"spec\":{\"replicas\":7}}");
        assertThat(in("custom", "get", "ct", "mine", "-o", "jsonpath={.spec.replicas} {.status.replicas}"))
                .isEqualTo("2 3");
        in("custom", "scale", "ct", "mine", "--replicas=4");
        assertThat(in("custom", "get", "ct", "mine", "-o", "jsonpath={.spec.replicas}"))
                .isEqualTo("4");

        in("custom", "delete", "crd", "crontabs.stable.example.com");
        assertThat(refused("custom", "get", "ct")).contains("the server could not find the requested resource");
    }

    @Test
    void deletesWhatBelongsTogetherOrLeavesItAlone() {
        namespace("deletions");
        in("deletions", "create", "deployment", "web", "--image=myapp", "--replicas=2");
        rolledOut("deletions", "web");
        in("deletions", "delete", "deploy", "web", "--cascade=orphan");
        assertThat(in("deletions", "get", "rs,pods", "-o", "name").lines()).hasSize(3);
        in("deletions", "create", "deployment", "web", "--image=myapp", "--replicas=2");
        rolledOut("deletions", "web");
        assertThat(in("deletions", "get", "pods", "-o", "name").lines())
                .as("adopted, not made again")
                .hasSize(2);
        in("deletions", "delete", "deploy", "web", "--cascade=foreground");
        assertThat(in("deletions", "get", "rs,pods", "-o", "name")).isEmpty();

        apply("deletions", configMap("one", "1") + "---\n" + configMap("two", "2"));
        in("deletions", "label", "cm", "one", "pick=me");
        assertThat(in("deletions", "delete", "cm", "-l", "pick=me")).contains("configmap \"one\" deleted");
        with("deletions", configMap("two", "2"), "delete", "-f", "-").ok();
        assertThat(refused("deletions", "delete", "cm", "two")).contains("configmaps \"two\" not found");

        in("deletions", "run", "alone", "--image=myapp");
        in("deletions", "wait", "--for=condition=Ready", "pod/alone", "--timeout=20s");
        assertThat(cluster.kubectl("delete", "namespace", "deletions")).contains("namespace \"deletions\" deleted");
        assertThat(refused("deletions", "get", "namespace", "deletions")).contains("not found");
        assertThat(refused("default", "delete", "namespace", "default")).contains("this namespace may not be deleted");
    }

    @Test
    void tellsAboutItself() {
        assertThat(cluster.kubectl("version")).contains("Server Version: v1.33");
        assertThat(cluster.kubectl("cluster-info")).contains("is running at", "https://" + cluster.address("api"));
        assertThat(cluster.kubectl("auth", "whoami")).contains("linnet-admin", "system:masters");
        assertThat(cluster.kubectl("auth", "can-i", "create", "pods")).isEqualTo("yes\n");
        assertThat(cluster.kubectl("api-versions").lines())
                .contains("v1", "apps/v1", "autoscaling/v2", "networking.k8s.io/v1");
        assertThat(cluster.kubectl("api-resources", "--namespaced=false", "-o", "name")
                        .lines())
                .contains("namespaces", "nodes", "customresourcedefinitions.apiextensions.k8s.io");
        assertThat(cluster.kubectl("explain", "ingress.spec.rules", "--recursive"))
                .containsPattern("paths\\s+<\\[\\]HTTPIngressPath> -required-");
        assertThat(cluster.kubectl("get", "nodes")).containsPattern("node-1 +Ready +<none> +\\S+ +v1\\.");
        assertThat(cluster.kubectl("describe", "node", "node-1")).contains("KubeletReady");
    }

    /** Of several gateways one has the host's address at a time. */
    @Test
    void servesOnTheHostWhicheverGatewayRuns() {
        serves();
        cluster.kubectl("-n", "linnet-system", "rollout", "restart", "deploy/linnet-gateway");
        rolledOut("linnet-system", "linnet-gateway");
        serves();
        cluster.kubectl("-n", "linnet-system", "scale", "deploy/linnet-gateway", "--replicas=2");
        rolledOut("linnet-system", "linnet-gateway");
        serves();
        cluster.kubectl("-n", "linnet-system", "delete", "pod", "--all");
        rolledOut("linnet-system", "linnet-gateway");
        serves();
        assertThat(cluster.kubectl("-n", "linnet-system", "get", "pods", "--no-headers")
                        .lines())
                .hasSize(2)
                .allMatch(pod -> pod.matches("\\S+ +1/1 +Running +0 .*"));
    }

    private void serves() {
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> Program.run(
                                List.of("curl", "-sS", cluster.gateway().toString()), Map.of(), "")
                        .ok()
                        .contains("404"));
    }

    private void namespace(String name) {
        cluster.kubectl("create", "namespace", name);
    }

    private String in(String namespace, String... command) {
        return with(namespace, "", command).ok();
    }

    private Program with(String namespace, String input, String... command) {
        String[] all = new String[command.length + 2];
        all[0] = "-n";
        all[1] = namespace;
        System.arraycopy(command, 0, all, 2, command.length);
        return cluster.kubectlWith(input, all);
    }

    private String refused(String namespace, String... command) {
        return refusedInput(namespace, "", command);
    }

    private String refusedInput(String namespace, String input, String... command) {
        Program program = with(namespace, input, command);
        assertThat(program.exit()).as(program.out()).isOne();
        return program.err();
    }

    private String apply(String namespace, String manifest, String... options) {
        String[] command = new String[options.length + 3];
        System.arraycopy(new String[] {"apply", "-f", "-"}, 0, command, 0, 3);
        System.arraycopy(options, 0, command, 3, options.length);
        return with(namespace, manifest, command).ok();
    }

    private void edit(String namespace, String object, String change) throws Exception {
        Path editor = Files.createTempFile("linnet-editor", ".sh");
        try {
            Files.writeString(editor, "#!/bin/sh\nsed -i '" + change + "' \"$1\"\n");
            Files.setPosixFilePermissions(editor, PosixFilePermissions.fromString("rwx------"));
            Program.run(
                            List.of("kubectl", "-n", namespace, "edit", object),
                            Map.of("KUBECONFIG", cluster.kubeconfig().toString(), "KUBE_EDITOR", editor.toString()),
                            "")
                    .ok();
        } finally {
            Files.delete(editor);
        }
    }

    private void rolledOut(String namespace, String deployment) {
        assertThat(in(namespace, "rollout", "status", "deploy/" + deployment, "--timeout=60s"))
                .contains("successfully rolled out");
    }

    private JsonNode json(String namespace, String kind, String name) throws Exception {
        return new ObjectMapper().readTree(in(namespace, "get", kind, name, "-o", "json"));
    }

    private static String template(String container) {
        return "{\"spec\":{\"template\":{\"spec\":{\"containers\":[" + container + "]}}}}";
    }

    private static String configMap(String name, String value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\ndata:\n  key: \"" + value + "\"\n";
    }

    private static String cronTab(String name, String spec) {
        return "apiVersion: stable.example.com/v1\nkind: CronTab\nmetadata:\n  name: " + name
                + "\nspec:\n  cronSpec: \"" + spec + "\"\n";
    }
}
