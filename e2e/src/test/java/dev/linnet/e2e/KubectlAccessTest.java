package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Who may do what, and where Pods may run: the commands of people who look after a cluster. */
@EnabledIfSystemProperty(named = "linnet.all", matches = "true")
@ExtendWith(OnACluster.class)
final class KubectlAccessTest {

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void tellsWhoIsAskingAndWhatHeMay(Terminal user) {
        assertThat(user.kubectl("auth whoami")).containsPattern("ATTRIBUTE +VALUE\nUsername +\\S+");
        assertThat(user.json("auth whoami").at("/status/userInfo/groups").toString())
                .contains("system:authenticated");
        assertThat(user.kubectl("auth can-i create pods")).isEqualTo("yes\n");
        assertThat(user.kubectl("auth can-i get pods/log --all-namespaces")).isEqualTo("yes\n");
        assertThat(user.kubectl("auth can-i --list"))
                .containsPattern("Resources +Non-Resource URLs +Resource Names +Verbs\n");

        user.kubectl("create serviceaccount robot");
        user.kubectl("create role reader --verb=get,list --resource=configmaps,deployments.apps");
        user.kubectl("create rolebinding robot-reads --role=reader --serviceaccount=" + user.namespace() + ":robot");
        assertThat(user.kubectl("describe role reader"))
                .containsPattern("configmaps +\\[] +\\[] +\\[get list]")
                .containsPattern("deployments.apps +\\[]");
        assertThat(user.kubectl("get rolebinding -o wide"))
                .containsPattern("robot-reads +Role/reader +\\S+ +" + user.namespace() + "/robot");
        assertThat(user.kubectl("create token robot --duration=10m")).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\n?");
        assertThat(user.refused("create token nope")).contains("serviceaccounts \"nope\" not found");
        Path roles = user.file("role.yaml", """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: reader, namespace: %s}
                rules:
                  - {apiGroups: [""], resources: [secrets], verbs: [get]}
                """.formatted(user.namespace()));
        assertThat(user.kubectl("auth reconcile -f " + roles))
                .contains("role.rbac.authorization.k8s.io/reader reconciled");
        assertThat(user.kubectl("get role reader -o jsonpath={.rules[*].resources[*]}"))
                .contains("configmaps", "secrets");
        assertThat(user.refused("patch rolebinding robot-reads --type=merge -p '{\"roleRef\":{\"name\":\"other\"}}'"))
                .contains("cannot change roleRef");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void keepsPodsAwayFromANodeAndEmptiesIt(Terminal user) {
        user.kubectl("create deployment web --image=" + Images.PODINFO + " --port=9898");
        user.kubectl("rollout status deploy/web --timeout=90s");
        String pod = user.field("pods", ".items[0].metadata.name");
        String node = user.field("pod/" + pod, ".spec.nodeName");
        String taint = user.namespace() + ".example.com/busy";
        assertThat(user.kubectl("taint node " + node + " " + taint + "=yes:PreferNoSchedule"))
                .isEqualTo("node/" + node + " tainted\n");
        assertThat(user.kubectl("describe node " + node)).contains(taint + "=yes:PreferNoSchedule");
        assertThat(user.refused("taint node " + node + " " + taint + "=no:PreferNoSchedule"))
                .contains("already has");
        assertThat(user.kubectl("taint node " + node + " " + taint + "-")).isEqualTo("node/" + node + " untainted\n");

        try {
            assertThat(user.kubectl("cordon " + node)).isEqualTo("node/" + node + " cordoned\n");
            assertThat(user.kubectl("get node " + node)).containsPattern(node + " +Ready,SchedulingDisabled ");
            assertThat(user.kubectl("drain " + node
                            + " --pod-selector=app=web,pod-template-hash --ignore-daemonsets --timeout=90s"))
                    .contains(
                            "evicting pod " + user.namespace() + "/" + pod,
                            "pod/" + pod + " evicted",
                            "node/" + node + " drained");
            assertThat(user.refused("get pod " + pod)).contains("not found");
        } finally {
            user.kubectl("uncordon " + node);
        }
        user.kubectl("rollout status deploy/web --timeout=90s");
        assertThat(user.kubectl("get node " + node)).containsPattern(node + " +Ready ");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void saysWhatIsWrongInTheWordsOfARealServer(Terminal user) {
        assertThat(user.refused("apiVersion: foo/v1\nkind: Bar\nmetadata: {name: x}\n", "apply -f -"))
                .contains("no matches for kind \"Bar\" in version \"foo/v1\"", "ensure CRDs are installed first");
        assertThat(user.refused("apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n", "apply -f -"))
                .contains("The Pod \"x\" is invalid: spec.containers: Required value");
        assertThat(user.refused(
                        "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: a, image: b, port: 1}]}\n",
                        "apply -f -"))
                .contains("strict decoding error: unknown field \"spec.containers[0].port\"");
        assertThat(user.refused(
                        "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{port: 70000}]}\n",
                        "apply -f -"))
                .contains("spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive");
        assertThat(user.refused("get nope")).contains("the server doesn't have a resource type \"nope\"");
        assertThat(user.refused("get pods --field-selector=spec.nope=1"))
                .contains("field label not supported: spec.nope");
        assertThat(user.refused("create configmap x -n " + user.namespace() + "-nowhere"))
                .contains("namespaces \"" + user.namespace() + "-nowhere\" not found");
        assertThat(user.refused("create configmap Bad_Name"))
                .contains("a lowercase RFC 1123 subdomain must consist of");
        assertThat(user.refused("create namespace " + user.namespace()))
                .contains("namespaces \"" + user.namespace() + "\" already exists");
        assertThat(user.refused("wait --for=condition=Ready pod/nope --timeout=1s"))
                .contains("pods \"nope\" not found");
        assertThat(user.lines("get all -o name")).isEmpty();
        user.kubectl("run stranger --image=linnet.invalid/nothing:1");
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        user.kubectl("get pod stranger").matches("(?s).* 0/1 +(ErrImagePull|ImagePullBackOff) .*"));
        assertThat(user.kubectl("describe pod stranger")).contains("Failed to pull image \"linnet.invalid/nothing:1\"");
        assertThat(user.refused("logs stranger")).contains("is waiting to start");
    }
}
