package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What people and ServiceAccounts may do who are no administrators, and a way into Pods. */
@ExtendWith(OnACluster.class)
final class KubectlRightsTest {

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void letsPeopleDoWhatTheirRolesSay(Terminal user) {
        String namespace = user.namespace();
        assertThat(user.refused("get pods --as=jane"))
                .isEqualTo(
                        "Error from server (Forbidden): pods is forbidden: User \"jane\" cannot list resource \"pods\" in"
                                + " API group \"\" in the namespace \"" + namespace + "\"\n");

        user.kubectl("create rolebinding jane --clusterrole=edit --user=jane");

        user.kubectl("create configmap hers --as=jane");
        assertThat(user.kubectl("get configmaps --as=jane")).contains("hers");
        assertThat(user.kubectl("auth can-i create deployments.apps --as=jane")).isEqualTo("yes\n");
        assertThat(user.run("", "auth can-i create deployments.apps --as=jane -n default")
                        .out())
                .isEqualTo("no\n");
        assertThat(user.kubectl("auth can-i --list --as=jane"))
                .containsPattern("configmaps +\\[] +\\[] +\\[.*create.*]")
                .containsPattern("selfsubjectaccessreviews.authorization.k8s.io +\\[] +\\[] +\\[create]");
        assertThat(user.refused("create role more --verb=get --resource=pods --as=jane"))
                .contains("cannot create resource \"roles\"");
        user.kubectl("create rolebinding boss --clusterrole=admin --user=joe");
        assertThat(user.refused("create role more --verb=get --resource=nodes --as=joe"))
                .contains("is attempting to grant RBAC permissions not currently held:\n"
                        + "{APIGroups:[\"\"], Resources:[\"nodes\"], Verbs:[\"get\"]}");
        assertThat(user.kubectl("auth whoami --as=jane --as-group=dev")).contains("jane", "dev");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void givesServiceAccountsTokensThatSpeakForThem(Terminal user) {
        user.kubectl("create serviceaccount robot");
        user.kubectl("create role reader --verb=list --resource=configmaps");
        user.kubectl("create rolebinding robot --role=reader --serviceaccount=" + user.namespace() + ":robot");
        // The administrator's own credentials would win over a token.
        String robot = "--kubeconfig=/dev/null --insecure-skip-tls-verify --server="
                + user.kubectl("config view --minify -o 'jsonpath={.clusters[0].cluster.server}'") + " --token="
                + user.kubectl("create token robot --duration=10m").strip();

        assertThat(user.kubectl("get configmaps " + robot)).contains("kube-root-ca.crt");
        assertThat(user.refused("get pods " + robot))
                .contains(
                        "User \"system:serviceaccount:" + user.namespace() + ":robot\" cannot list resource \"pods\"");
        user.kubectl("delete serviceaccount robot");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(user.refused("get configmaps " + robot))
                        .contains("You must be logged in to the server"));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void forwardsPortsIntoPods(Terminal user) throws Exception {
        user.kubectl("run web --image=" + Images.PODINFO + " --port=9898");
        user.kubectl("wait pod/web --for=condition=Ready --timeout=90s");
        try (Following forwarding = user.follow("port-forward pod/web :9898");
                HttpClient http = HttpClient.newHttpClient()) {
            URI uri = await().atMost(Duration.ofSeconds(30))
                    .until(() -> forwarded(forwarding), Optional::isPresent)
                    .orElseThrow();

            for (int i = 0; i < 3; i++) {
                HttpRequest request = HttpRequest.newBuilder(uri).build();
                assertThat(http.send(request, HttpResponse.BodyHandlers.ofString())
                                .body())
                        .contains("\"version\"");
            }
            assertThat(forwarding.ended()).isFalse();
        }
    }

    private static Optional<URI> forwarded(Following forwarding) {
        return Pattern.compile("Forwarding from (127\\.0\\.0\\.1:\\d+) -> 9898")
                .matcher(String.join("\n", forwarding.said()))
                .results()
                .findFirst()
                .map((MatchResult found) -> URI.create("http://" + found.group(1) + "/version"));
    }
}
