package dev.linnet.gateway.feed;

import dev.linnet.apiserver.ApiServer;
import dev.linnet.apiserver.ApiServerSettings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;

/** Our own Kubernetes API in this process, with namespace {@code shop} and IngressClass {@code nginx}. */
public final class Cluster implements AutoCloseable {
    private final Path directory;
    private ApiServer server;
    private final KubernetesClient client;

    public Cluster(Path directory) {
        this.directory = directory;
        this.server = start(0);
        this.client = newClient();
        namespace(Shop.NAMESPACE);
        create(Shop.ingressClass());
    }

    private ApiServer start(int port) {
        return ApiServer.start(new ApiServerSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                directory,
                false,
                "127.77.128.0/17",
                "secret",
                InstantSource.system()));
    }

    public KubernetesClient newClient() {
        return ApiClient.open(Config.fromKubeconfig(server.kubeconfig().toFile()));
    }

    /** For somebody who may only do what he is granted. */
    public KubernetesClient newClient(String user) {
        Config config = Config.fromKubeconfig(server.kubeconfig().toFile());
        config.setImpersonateUsername(user);
        return ApiClient.open(config);
    }

    public KubernetesClient client() {
        return client;
    }

    /** With the account by which Pods are made in it, which a cluster's controllers would give it. */
    public void namespace(String name) {
        create(new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .build());
        create(new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(name)
                .withName("default")
                .endMetadata()
                .build());
    }

    /** Makes objects what manifests say, whatever they were before. */
    public void apply(String yaml) {
        for (HasMetadata object : client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items()) {
            client.resource(object).fieldManager("test").forceConflicts().serverSideApply();
        }
    }

    public <T extends HasMetadata> T create(T object) {
        return client.resource(object).create();
    }

    /** Replaces whatever is there. */
    public <T extends HasMetadata> T put(T object) {
        return client.resource(object).update();
    }

    public void delete(HasMetadata object) {
        client.resource(object).delete();
    }

    /** Takes the API away and brings it back at the same address, with all objects. */
    public void restart(Runnable meanwhile) {
        int port = URI.create(server.url()).getPort();
        server.close();
        meanwhile.run();
        server = start(port);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
