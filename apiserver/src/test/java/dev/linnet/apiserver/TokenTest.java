package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.apiserver.TestServer.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of ServiceAccounts: what they are good for, and how long. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenTest {
    private static final String ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts";
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String WHO_AM_I = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    private TestServer server;

    @BeforeAll
    void start(@TempDir Path directory) {
        server = TestServer.at(directory, now::get);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String account(String name) {
        return server.post(ACCOUNTS, "{\"metadata\":{\"name\":\"" + name + "\"}}")
                .text("/metadata/uid");
    }

    private Answer pod(String name, String account) {
        return server.post(PODS, """
                {"metadata":{"name":"%s"},"spec":{"serviceAccountName":"%s","nodeName":"node-1","containers":[{"name":"c","image":"i"}]}}""".formatted(name, account));
    }

    private Answer request(String account, String spec) {
        return server.post(ACCOUNTS + "/" + account + "/token", "{\"spec\":{" + spec + "}}");
    }

    private Answer who(String token) {
        return server.with(token).post(WHO_AM_I, "{}");
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    @Test
    void aTokenSpeaksForItsServiceAccount() {
        String uid = account("speaker");

        Answer self = who(request("speaker", "").text("/status/token"));

        assertThat(self.text("/status/userInfo/username")).isEqualTo("system:serviceaccount:default:speaker");
        assertThat(self.text("/status/userInfo/uid")).isEqualTo(uid);
        assertThat(self.json().at("/status/userInfo/groups").toString())
                .isEqualTo("[\"system:serviceaccounts\",\"system:serviceaccounts:default\",\"system:authenticated\"]");
        assertThat(self.json().at("/status/userInfo/extra").toString())
                .startsWith("{\"authentication.kubernetes.io/credential-id\":[\"JTI=");
    }

    @Test
    void aTokenEndsWhenItSaid() {
        account("hasty");
        Answer issued = request("hasty", "\"expirationSeconds\":600");
        String token = issued.text("/status/token");

        assertThat(issued.text("/status/expirationTimestamp"))
                .isEqualTo(now.get().plusSeconds(600).toString());
        assertThat(issued.json().at("/spec/audiences/0").asText())
                .isEqualTo("https://kubernetes.default.svc.cluster.local");
        pass(Duration.ofSeconds(599));
        assertThat(who(token).code()).isEqualTo(201);
        pass(Duration.ofSeconds(2));
        assertThat(who(token).code()).isEqualTo(401);
    }

    @Test
    void aTokenEndsWithItsServiceAccountAndIsNotThatOfItsSuccessor() {
        account("reborn");
        String token = request("reborn", "").text("/status/token");

        server.delete(ACCOUNTS + "/reborn");
        assertThat(who(token).code()).isEqualTo(401);

        account("reborn");
        assertThat(who(token).code()).isEqualTo(401);
    }

    @Test
    void aPodsTokenEndsAMinuteAfterThePodWasToldTo() {
        account("runner");
        String uid = pod("short-lived", "runner").text("/metadata/uid");
        Answer issued = request("runner", """
                "boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"short-lived","uid":"%s"}""".formatted(uid));
        String token = issued.text("/status/token");

        assertThat(who(token)
                        .json()
                        .at("/status/userInfo/extra/authentication.kubernetes.io~1pod-name/0")
                        .asText())
                .isEqualTo("short-lived");

        server.delete(PODS + "/short-lived?gracePeriodSeconds=10");
        pass(Duration.ofSeconds(65));
        assertThat(who(token).code()).as("it may tidy up").isEqualTo(201);
        pass(Duration.ofSeconds(10));
        assertThat(who(token).code()).isEqualTo(401);
    }

    @Test
    void aTokenEndsWithTheSecretThatItIsBoundTo() {
        account("keeper");
        server.post("/api/v1/namespaces/default/secrets", "{\"metadata\":{\"name\":\"key\"}}");
        String token = request(
                        "keeper", "\"boundObjectRef\":{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"name\":\"key\"}")
                .text("/status/token");

        assertThat(who(token).code()).isEqualTo(201);
        server.delete("/api/v1/namespaces/default/secrets/key");
        assertThat(who(token).code()).isEqualTo(401);
    }

    @Test
    void theTokenThatEveryPodIsGivenLivesForAYear() {
        account("settled");
        pod("long-lived", "settled");
        String token = request("settled", """
                "expirationSeconds":3607,"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"long-lived"}""").text("/status/token");

        pass(Duration.ofDays(300));

        assertThat(who(token).code()).isEqualTo(201);
    }

    @Test
    void aTokenForOthersIsNoneForThisServer() {
        account("visitor");
        String token = request("visitor", "\"audiences\":[\"vault\"]").text("/status/token");
        String question = "{\"spec\":{\"token\":\"" + token + "\",\"audiences\":[\"vault\",\"other\"]}}";

        Answer review = server.post("/apis/authentication.k8s.io/v1/tokenreviews", question);
        Answer here = server.post("/apis/authentication.k8s.io/v1/tokenreviews", question.replace("\"vault\",", ""));

        assertThat(who(token).code()).isEqualTo(401);
        assertThat(review.json().at("/status/authenticated").asBoolean()).isTrue();
        assertThat(review.json().at("/status/audiences").toString()).isEqualTo("[\"vault\"]");
        assertThat(review.text("/status/user/username")).isEqualTo("system:serviceaccount:default:visitor");
        assertThat(here.json().at("/status/authenticated").asBoolean()).isFalse();
    }

    @Test
    void saysWhatIsWrongWithARequestForAToken() {
        account("asker");
        account("other");
        pod("others-pod", "other");

        assertThat(request("asker", "\"expirationSeconds\":300").message())
                .isEqualTo("TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value:"
                        + " 300: may not specify a duration less than 10 minutes");
        assertThat(request("nobody", "").message()).isEqualTo("serviceaccounts \"nobody\" not found");
        assertThat(request("asker", "\"boundObjectRef\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"name\":\"none\"}")
                        .message())
                .isEqualTo("pods \"none\" not found");
        assertThat(request(
                                "asker",
                                "\"boundObjectRef\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"name\":\"others-pod\"}")
                        .message())
                .isEqualTo("cannot bind token for serviceaccount \"asker\" to pod running with different"
                        + " serviceaccount name.");
        assertThat(request(
                                "other",
                                "\"boundObjectRef\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"name\":\"others-pod\",\"uid\":\"x\"}")
                        .code())
                .isEqualTo(409);
    }

    @Test
    void aForgedTokenIsNobodys() {
        account("honest");
        String token = request("honest", "").text("/status/token");
        int dot = token.lastIndexOf('.');

        assertThat(who(token.substring(0, dot + 1) + "AAAA").code()).isEqualTo(401);
        assertThat(who(token.substring(0, dot - 4) + "AAAA" + token.substring(dot))
                        .code())
                .isEqualTo(401);
    }
}
