package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the local cluster shows through kubectl that no other cluster has. What all clusters have is in the suites of clients. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LocalClusterTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @BeforeAll
    void startsTheCluster() throws Exception {
        Kubectl.needed();
        cluster = Cluster.start("--image", "busy=sh -c 'while :; do sleep 0.01; done'");
    }

    @AfterAll
    void stopsTheCluster() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void runsPodinfoWithTheReplicasThatItsAutoscalerWants() {
        Terminal user = terminalIn("test");
        String podinfo = Linnet.run("sample", "podinfo").ok();
        assertThat(user.kubectl(podinfo, "apply -f -"))
                .contains("namespace/test created", "deployment.apps/podinfo created", "service/podinfo created");
        assertThat(user.kubectl(podinfo, "apply -f -").lines())
                .hasSize(4)
                .allMatch(line -> line.endsWith(" unchanged"));
        user.kubectl("wait deploy/podinfo --for=jsonpath={.status.readyReplicas}=2 --timeout=30s");

        assertThat(user.kubectl("get hpa")).containsPattern("podinfo +Deployment/podinfo +\\S+ <unknown>/99% +2 +4 +");
        assertThat(user.kubectl("describe hpa podinfo")).contains("New size: 2; reason: Current number of replicas");
        assertThat(user.kubectl("get pods -o wide --show-labels"))
                .containsPattern("podinfo-\\S+ +1/1 +Running +0 +\\S+ +127\\.\\S+ +node-[123] .*app=podinfo");
        assertThat(user.kubectl("describe service podinfo"))
                .containsPattern("TargetPort: +http/TCP\\nEndpoints: +127\\S+:9898,127\\S+:9898\\n");
        String raw = "get --raw /api/v1/namespaces/test/";
        assertThat(user.kubectl(raw + "services/podinfo:http/proxy/version")).contains("3.1.0");
        String pod = user.field("pods", ".items[0].metadata.name");
        assertThat(user.kubectl(raw + "pods/" + pod + ":9898/proxy/api/info")).contains(pod);
        assertThat(user.refused(raw + "services/podinfo:81/proxy/")).contains("no service port 81 found");
    }

    @Test
    void isCheckedLikeAnyOther() throws Exception {
        Terminal user = terminalIn("default");
        user.kubectl(
                Manifests.ingress(
                        "checked",
                        "checked.example.com",
                        "web",
                        80,
                        "nginx.ingress.kubernetes.io/proxy-read-timeout: \"5\""),
                "apply -f -");

        Program checked =
                Linnet.run("check", "--kubeconfig", cluster.kubeconfig().toString());

        assertThat(checked.out()).contains("checked");
        assertThat(checked.err()).doesNotContain("Exception");
    }

    @Test
    void showsWhatCommandsUseAndWhatAutoscalersMakeOfIt() {
        Terminal user = terminalIn("default");
        user.kubectl("create deployment busy --image=busy --replicas=0");
        user.kubectl("set resources deploy busy --requests=cpu=5m");
        user.kubectl("scale deploy busy --replicas=1");
        user.kubectl("rollout status deploy busy --timeout=30s");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(user.run("", "top pods -l app=busy --containers")
                                .out())
                        .containsPattern("busy-\\S+ +busy +[1-9]\\d*m +\\d+Mi"));
        assertThat(user.kubectl("top nodes")).containsPattern("node-1 +\\d+m +\\d+% +\\d+Mi +\\d+%");
        user.kubectl("autoscale deploy busy --cpu-percent=50 --min=1 --max=2");
        user.kubectl("wait deploy/busy --for=jsonpath={.spec.replicas}=2 --timeout=60s");
        assertThat(user.kubectl("get hpa busy")).containsPattern("busy +Deployment/busy +.*\\d+%/50% +1 +2 +");
        user.kubectl("delete hpa,deploy busy");
    }

    @Test
    void tellsWhichImagesItHasWhenOneIsUnknown() {
        Terminal user = terminalIn("default");
        user.kubectl("run stranger --image=docker.io/nope/nothing:1");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(user.kubectl("describe pod stranger"))
                        .contains("Failed to pull image \"docker.io/nope/nothing:1\"", "use one of: ", "podinfo"));
        assertThat(user.refused("debug stranger --image=myapp")).contains("ephemeral containers are disabled");
        assertThat(user.refused("exec stranger -- ls")).contains("is waiting to start");
        user.kubectl("run builtin --image=podinfo");
        user.kubectl("wait pod/builtin --for=condition=Ready --timeout=60s");
        assertThat(user.refused("exec builtin -- ls"))
                .contains("a part of this program: there is no shell and no other command in it");
    }

    @Test
    void tellsWhatBecameOfGatewaysAndRoutes() {
        Terminal user = terminalIn("default");
        user.kubectl("wait gatewayclass/linnet --for=condition=Accepted --timeout=30s");
        user.kubectl("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: front}
                spec:
                  gatewayClassName: linnet
                  listeners: [{name: http, protocol: HTTP, port: 80}]
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: shop}
                spec:
                  parentRefs: [{name: front}]
                  hostnames: [shop.example.com]
                  rules: [{backendRefs: [{name: nobody, port: 80}]}]
                """, "apply -f -");
        user.kubectl("wait gateways.gateway.networking.k8s.io/front --for=condition=Accepted --timeout=30s");
        user.kubectl(
                "wait httproute/shop --for=jsonpath={.status.parents[0].conditions[0].type}=Accepted --timeout=30s");
        assertThat(user.kubectl("get httproute shop -o jsonpath={.status.parents[0].conditions[*].reason}"))
                .contains("Accepted", "BackendNotFound");
        user.kubectl("delete gateways.gateway.networking.k8s.io,httproutes --all");
    }

    @Test
    void letsTheGatewayDoWhatItsRoleSaysAndNoMore() {
        Terminal user = terminalIn("default");
        String gateway = " --as=system:serviceaccount:linnet-system:linnet-gateway";
        assertThat(user.kubectl("auth can-i watch ingresses.networking.k8s.io -A" + gateway))
                .isEqualTo("yes\n");
        assertThat(user.kubectl("auth can-i patch ingresses.networking.k8s.io --subresource=status -A" + gateway))
                .isEqualTo("yes\n");
        assertThat(user.run("", "auth can-i create pods" + gateway).out()).isEqualTo("no\n");
        assertThat(user.run("", "auth can-i update leases/other -n linnet-system" + gateway)
                        .out())
                .isEqualTo("no\n");
    }

    @Test
    void tellsAboutItself() {
        Terminal user = terminalIn("default");
        assertThat(user.kubectl("version")).contains("Server Version: v1.33");
        assertThat(user.kubectl("cluster-info")).contains("is running at", "https://" + cluster.address("api"));
        assertThat(user.kubectl("auth whoami")).contains("linnet-admin", "system:masters");
        assertThat(user.kubectl("get nodes")).containsPattern("node-1 +Ready +<none> +\\S+ +v1\\.");
        assertThat(user.kubectl("get deploy linnet-gateway -n linnet-system -o yaml --show-managed-fields"))
                .contains("manager: linnet", "manager: kube-controller-manager")
                .doesNotContain("fabric8");
    }

    /** Of several gateways one has the host's address at a time. */
    @Test
    void servesOnTheHostWhicheverGatewayRuns() {
        Terminal user = terminalIn("linnet-system");
        serves();
        user.kubectl("rollout restart deploy/linnet-gateway");
        rolledOut(user);
        serves();
        user.kubectl("scale deploy/linnet-gateway --replicas=2");
        rolledOut(user);
        serves();
        user.kubectl("delete pod --all");
        rolledOut(user);
        serves();
        assertThat(user.lines("get pods -l app.kubernetes.io/name=linnet-gateway --no-headers"))
                .hasSize(2)
                .allMatch(pod -> pod.matches("\\S+ +1/1 +Running +0 .*"));
    }

    private static void rolledOut(Terminal user) {
        assertThat(user.kubectl("rollout status deploy/linnet-gateway --timeout=60s"))
                .contains("successfully rolled out");
    }

    private void serves() {
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> Program.run(
                                List.of("curl", "-sS", cluster.gateway().toString()), Map.of(), "")
                        .ok()
                        .contains("404"));
    }

    private Terminal terminalIn(String namespace) {
        return new Terminal(cluster.kubeconfig(), namespace, folder.resolve(namespace));
    }
}
