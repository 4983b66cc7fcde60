package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.apiserver.TestServer.Answer;
import dev.linnet.apiserver.store.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** ServiceAccounts of Pods, and the credentials that come with them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PodAccountTest {
    private static final String DEFAULT = "/api/v1/namespaces/default";
    private static final String MOUNT =
            "{\"mountPath\":\"/var/run/secrets/kubernetes.io/serviceaccount\",\"name\":\"%s\",\"readOnly\":true}";

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path directory) {
        server = TestServer.ephemeral(directory);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Answer pod(String name, String spec) {
        return server.post(DEFAULT + "/pods", """
                {"metadata":{"name":"%s"},"spec":{%s"containers":[{"name":"c","image":"i"}]}}""".formatted(name, spec));
    }

    @Test
    void refusesAPodWhoseAccountDoesNotExist() {
        Answer refused = pod("stranger", "\"serviceAccountName\":\"nope\",");

        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.message())
                .isEqualTo("pods \"stranger\" is forbidden: error looking up service account default/nope:"
                        + " serviceaccount \"nope\" not found");
        assertThat(server.get(DEFAULT + "/pods/stranger").code()).isEqualTo(404);
    }

    @Test
    void waitsForTheAccountThatEachNamespaceGets() {
        server.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"late\"}}");
        CompletableFuture<Answer> created = CompletableFuture.supplyAsync(() -> server.post(
                "/api/v1/namespaces/late/pods",
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}"));

        server.post("/api/v1/namespaces/late/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");

        assertThat(created.join().code()).isEqualTo(201);
    }

    @Test
    void waitsForItAlsoWhereAPodIsAppliedWhoseTurnToBeWrittenIsTheAccountsToo() {
        server.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"later\"}}");
        String name = namesakeOfAccount("later");
        CompletableFuture<Answer> applied = CompletableFuture.supplyAsync(() -> server.patch(
                "/api/v1/namespaces/later/pods/" + name + "?fieldManager=author", "apply", """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec: {containers: [{name: c, image: i}]}
                """.formatted(name)));

        server.post("/api/v1/namespaces/later/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");

        assertThat(applied.join().code()).isEqualTo(201);
    }

    /** A name of a Pod that the store cannot tell from the account when it decides who takes turns. It has 1,024 of these. */
    private static String namesakeOfAccount(String namespace) {
        int account = new ObjectKey("serviceaccounts", namespace, "default").hashCode();
        return IntStream.range(0, 100_000)
                .mapToObj(number -> "p" + number)
                .filter(name -> (new ObjectKey("pods", namespace, name).hashCode() - account) % 1_024 == 0)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void mountsCredentialsIntoEachContainer() {
        JsonNode spec = server.post(DEFAULT + "/pods", """
                        {"metadata":{"name":"usual"},"spec":{"initContainers":[{"name":"first","image":"i"}],
                         "containers":[{"name":"c","image":"i","volumeMounts":[{"name":"own","mountPath":"/own"}]}],
                         "volumes":[{"name":"own","emptyDir":{}}]}}""").json().path("spec");

        assertThat(spec.path("serviceAccountName").asText()).isEqualTo("default");
        String volume = spec.at("/volumes/1/name").asText();
        assertThat(volume).matches("kube-api-access-[a-z0-9]{5}");
        assertThat(spec.at("/containers/0/volumeMounts/1").toString()).isEqualTo(MOUNT.formatted(volume));
        assertThat(spec.at("/initContainers/0/volumeMounts/0").toString()).isEqualTo(MOUNT.formatted(volume));
        assertThat(spec.at("/volumes/1/projected").toString())
                .isEqualTo(
                        "{\"defaultMode\":420,\"sources\":["
                                + "{\"serviceAccountToken\":{\"expirationSeconds\":3607,\"path\":\"token\"}},"
                                + "{\"configMap\":{\"name\":\"kube-root-ca.crt\",\"items\":[{\"key\":\"ca.crt\",\"path\":\"ca.crt\"}]}},"
                                + "{\"downwardAPI\":{\"items\":[{\"path\":\"namespace\",\"fieldRef\":{\"apiVersion\":\"v1\",\"fieldPath\":\"metadata.namespace\"}}]}}]}");
    }

    @Test
    void mountsNoneWhereNobodyWantsThem() {
        assertThat(pod("modest", "\"automountServiceAccountToken\":false,")
                        .json()
                        .at("/spec/volumes"))
                .isEmpty();
        server.post(DEFAULT + "/serviceaccounts", """
                {"metadata":{"name":"silent"},"automountServiceAccountToken":false,"imagePullSecrets":[{"name":"registry"}]}""");
        JsonNode silent = pod("silent", "\"serviceAccountName\":\"silent\",").json();
        assertThat(silent.at("/spec/volumes")).isEmpty();
        assertThat(silent.at("/spec/imagePullSecrets/0/name").asText()).isEqualTo("registry");
    }

    @Test
    void leavesAPodThatIsAppliedAgainAsItIs() {
        String configuration = """
                apiVersion: v1
                kind: Pod
                metadata: {name: applied}
                spec: {containers: [{name: c, image: i}]}
                """;
        String path = DEFAULT + "/pods/applied?fieldManager=author";
        Answer first = server.patch(path, "apply", configuration);

        Answer again = server.patch(path, "apply", configuration);

        assertThat(first.json().at("/spec/volumes")).hasSize(1);
        assertThat(again.text("/metadata/resourceVersion")).isEqualTo(first.text("/metadata/resourceVersion"));
    }

    @Test
    void fillsSecretsThatAskForATokenOfAnAccount() {
        String uid = server.post(DEFAULT + "/serviceaccounts", "{\"metadata\":{\"name\":\"robot\"}}")
                .text("/metadata/uid");
        Answer secret = server.post(DEFAULT + "/secrets", """
                {"metadata":{"name":"robot-token","annotations":{"kubernetes.io/service-account.name":"robot"}},
                 "type":"kubernetes.io/service-account-token"}""");

        assertThat(secret.json()
                        .at("/metadata/annotations")
                        .path("kubernetes.io/service-account.uid")
                        .asText())
                .isEqualTo(uid);
        assertThat(decoded(secret, "namespace")).isEqualTo("default");
        assertThat(decoded(secret, "ca.crt")).startsWith("-----BEGIN CERTIFICATE-----");
        String token = decoded(secret, "token");
        assertThat(whoami(token).text("/status/userInfo/username")).isEqualTo("system:serviceaccount:default:robot");
        server.delete(DEFAULT + "/secrets/robot-token");
        assertThat(whoami(token).code()).isEqualTo(401);
    }

    private Answer whoami(String token) {
        return server.with(token).post("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}");
    }

    private static String decoded(Answer secret, String key) {
        return new String(
                Base64.getDecoder().decode(secret.json().path("data").path(key).asText()), StandardCharsets.UTF_8);
    }
}
