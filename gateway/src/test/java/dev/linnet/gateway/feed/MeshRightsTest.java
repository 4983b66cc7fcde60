package dev.linnet.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.LiveRoutes;
import dev.linnet.routing.Workload;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway inside the cluster serves with what it may read, and with more once it may read more. */
final class MeshRightsTest {
    private static final String USER = "mesh-gateway";

    @AutoClose
    private final Cluster cluster;

    @AutoClose
    private final KubernetesClient client;

    private final LiveRoutes routes = new LiveRoutes();

    MeshRightsTest(@TempDir Path directory) throws IOException {
        cluster = new Cluster(directory);
        client = cluster.newClient(USER);
        cluster.namespace("front");
        cluster.apply(Files.readString(Path.of("../deploy/gateway-api-crds.yaml")));
    }

    @Test
    void hearsOfThePodsOfOtherNamespacesOnceItMay() {
        inNamespace(
                rule("", "services", "configmaps", "pods"),
                rule("discovery.k8s.io", "endpointslices"),
                rule("gateway.networking.k8s.io", "httproutes"));
        cluster.create(pod("web", Shop.NAMESPACE));
        cluster.create(pod("page", "front"));
        try (Feed feed = new Feed(client, FeedSettings.ofMesh(Shop.NAMESPACE), routes, Duration.ofSeconds(4))) {
            feed.start();
            eventually(feed::synced);
            eventually(() -> !routes.pod("shop/web").equals(Workload.UNKNOWN));
            assertThat(routes.pod("front/page")).isEqualTo(Workload.UNKNOWN);

            everywhere(rule("", "pods"));

            eventually(() -> !routes.pod("front/page").equals(Workload.UNKNOWN));
            cluster.delete(pod("web", Shop.NAMESPACE));
            eventually(() -> routes.pod("shop/web").equals(Workload.UNKNOWN));
        }
    }

    private static void eventually(Callable<Boolean> holds) {
        await().atMost(Duration.ofSeconds(30)).until(holds);
    }

    private static Pod pod(String name, String namespace) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .addToLabels("app", name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .withImage("image")
                .endContainer()
                .endSpec()
                .build();
    }

    private static PolicyRule rule(String group, String... resources) {
        return new PolicyRuleBuilder()
                .withApiGroups(group)
                .withResources(resources)
                .withVerbs("list", "watch")
                .build();
    }

    private void inNamespace(PolicyRule... rules) {
        cluster.create(new RoleBuilder()
                .withNewMetadata()
                .withName(USER)
                .withNamespace(Shop.NAMESPACE)
                .endMetadata()
                .withRules(rules)
                .build());
        cluster.create(new RoleBindingBuilder()
                .withNewMetadata()
                .withName(USER)
                .withNamespace(Shop.NAMESPACE)
                .endMetadata()
                .withSubjects(user())
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", USER)
                .build());
    }

    private void everywhere(PolicyRule... rules) {
        cluster.create(new ClusterRoleBuilder()
                .withNewMetadata()
                .withName(USER)
                .endMetadata()
                .withRules(rules)
                .build());
        cluster.create(new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(USER)
                .endMetadata()
                .withSubjects(user())
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", USER)
                .build());
    }

    private static List<Subject> user() {
        return List.of(new SubjectBuilder()
                .withKind("User")
                .withName(USER)
                .withApiGroup("rbac.authorization.k8s.io")
                .build());
    }
}
