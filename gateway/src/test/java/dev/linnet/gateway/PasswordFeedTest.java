package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.feed.Cluster;
import dev.linnet.gateway.feed.Feed;
import dev.linnet.gateway.feed.Shop;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.routing.ServiceRef;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** AUTH-1 from a Secret in the API to answers over sockets. */
final class PasswordFeedTest {
    private static final String HOST = "shop.example.com";
    private static final String NGINX = "nginx.ingress.kubernetes.io/";

    @AutoClose
    private final Cluster cluster;

    @AutoClose
    private final KubernetesClient client;

    @AutoClose
    private final Gateway gateway;

    @AutoClose
    private final Feed feed;

    @AutoClose
    private final ScriptedUpstream upstream = ScriptedUpstream.saying("hello");

    PasswordFeedTest(@TempDir Path directory) throws IOException {
        cluster = new Cluster(directory);
        client = cluster.newClient();
        gateway = Gateway.start(GatewaySettings.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withLoops(1));
        feed = new Feed(client, ClassSettings.DEFAULT, gateway.routes());
    }

    /** What {@code htpasswd -s} writes for alice and "wonderland" or "rabbit". */
    private static Secret users(String line) {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("users")
                .endMetadata()
                .withData(Map.of(
                        "auth", Base64.getEncoder().encodeToString((line + "\n").getBytes(StandardCharsets.US_ASCII))))
                .build();
    }

    private static String htpasswd(String password) {
        try {
            byte[] sha = java.security.MessageDigest.getInstance("SHA-1")
                    .digest(password.getBytes(StandardCharsets.US_ASCII));
            return "alice:{SHA}" + Base64.getEncoder().encodeToString(sha);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private int get(String password) {
        String authorization = password.isEmpty()
                ? ""
                : "Authorization: Basic "
                        + Base64.getEncoder().encodeToString(("alice:" + password).getBytes(StandardCharsets.US_ASCII))
                        + "\r\n";
        try (Conversation conversation = Conversation.with(gateway.httpAddress())) {
            return conversation
                    .send("GET / HTTP/1.1\r\nHost: " + HOST + "\r\n" + authorization + "\r\n")
                    .readResponse()
                    .status();
        }
    }

    @Test
    void auth1TheUsersOfASecretMayComeInAndNobodyElse() {
        cluster.create(Shop.annotated(
                Shop.ingress("web", HOST, "web"),
                Map.of(NGINX + "auth-type", "basic", NGINX + "auth-secret", "users", NGINX + "auth-realm", "shop")));
        feed.start();
        await().until(feed::synced);
        gateway.routes().endpoints(Map.of(new ServiceRef("shop", "web", "80"), List.of(upstream.endpoint())));
        assertThat(get("wonderland")).as("without the Secret").isEqualTo(503);

        cluster.create(users(htpasswd("wonderland")));
        await().until(() -> get("wonderland") == 200);
        assertThat(get("")).isEqualTo(401);
        assertThat(get("rabbit")).isEqualTo(401);

        cluster.put(users(htpasswd("rabbit")));
        await().until(() -> get("rabbit") == 200);
        assertThat(get("wonderland")).isEqualTo(401);

        cluster.delete(users(""));
        await().until(() -> get("rabbit") == 503);
    }
}
