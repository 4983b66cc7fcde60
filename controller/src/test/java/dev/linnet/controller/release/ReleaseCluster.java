package dev.linnet.controller.release;

import dev.linnet.apiserver.ApiServer;
import dev.linnet.apiserver.ApiServerSettings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A real API server with our kinds, and nothing that runs Pods: each {@link Scene} has a namespace of its own in it and plays that part. */
final class ReleaseCluster implements AutoCloseable {
    private final ApiServer api;
    private final KubernetesClient client;
    private final AtomicInteger scenes = new AtomicInteger();

    private ReleaseCluster(ApiServer api) {
        this.api = api;
        this.client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(api.url())
                        .withCaCertData(
                                Base64.getEncoder().encodeToString(api.caPem().getBytes(StandardCharsets.US_ASCII)))
                        .withOauthToken(api.adminToken())
                        .withOnlyHttpWatches(true)
                        .build())
                .build();
    }

    static ReleaseCluster start(Path directory) throws IOException {
        ReleaseCluster cluster = new ReleaseCluster(ApiServer.start(new ApiServerSettings(
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                directory,
                true,
                "127.212.128.0/17",
                "kubelet-secret",
                InstantSource.system())));
        for (String file : List.of("flagger-crds.yaml", "controller.yaml")) {
            cluster.define(Files.readString(Path.of("../deploy").resolve(file)));
        }
        return cluster;
    }

    /** Kinds; what else is in the manifests is left out. */
    void define(String manifests) {
        for (HasMetadata object : client.load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
                .items()) {
            if (object instanceof CustomResourceDefinition) {
                client.resource(object).create();
            }
        }
    }

    /** The rights that a user has by manifests. */
    void grant(String manifests) {
        for (HasMetadata object : client.load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
                .items()) {
            if (object instanceof ClusterRole || object instanceof ClusterRoleBinding) {
                client.resource(object).create();
            }
        }
    }

    ApiServer api() {
        return api;
    }

    KubernetesClient client() {
        return client;
    }

    /** A namespace in which one release is played. */
    Scene scene() {
        String name = "scene-" + scenes.incrementAndGet();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return new Scene(this, name);
    }

    @Override
    public void close() {
        client.close();
        api.close();
    }
}
