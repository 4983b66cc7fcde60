package dev.linnet.machine;

import static dev.linnet.machine.TestCluster.eventually;
import static dev.linnet.machine.TestCluster.web;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints of Services on a real API server: right, and soon. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class ServiceEndpointsTest {
    private TestCluster cluster;

    @BeforeAll
    void start(@TempDir Path directory) {
        cluster = new TestCluster(directory);
    }

    @AfterAll
    @Timeout(60)
    void stop() {
        cluster.close();
    }

    @Test
    void endpointsFollowPodsAtOnceAndAPodThatEndsTakesNoMoreRequests() {
        cluster.namespace("slices");
        cluster.create("""
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: slices}
                spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}
                """);
        cluster.client.resource(web("slices", 2, "web:1")).create();
        eventually()
                .untilAsserted(() -> assertThat(cluster.endpoints("slices"))
                        .hasSize(2)
                        .allMatch(endpoint -> endpoint.getConditions().getReady()));
        eventually()
                .untilAsserted(() -> assertThat(cluster.client
                                .endpoints()
                                .inNamespace("slices")
                                .withName("web")
                                .require()
                                .getSubsets()
                                .getFirst()
                                .getAddresses())
                        .hasSize(2));
        assertThat(cluster.slices("slices").getFirst().getPorts().getFirst().getPort())
                .isEqualTo(8080);

        Pod victim = cluster.pods("slices").getFirst();
        String name = victim.getMetadata().getName();
        cluster.kubelet.lingering.add(name);
        cluster.client.resource(victim).delete();
        eventually()
                .untilAsserted(() -> assertThat(cluster.endpoints("slices")).anySatisfy(endpoint -> {
                    assertThat(endpoint.getTargetRef().getName()).isEqualTo(name);
                    assertThat(endpoint.getConditions().getReady()).isFalse();
                    assertThat(endpoint.getConditions().getServing()).isTrue();
                    assertThat(endpoint.getConditions().getTerminating()).isTrue();
                }));
        cluster.kubelet.letGo();
        eventually()
                .untilAsserted(() -> assertThat(cluster.endpoints("slices"))
                        .hasSize(2)
                        .noneMatch(endpoint -> endpoint.getTargetRef().getName().equals(name)));

        cluster.client.services().inNamespace("slices").withName("web").delete();
        eventually().untilAsserted(() -> assertThat(cluster.slices("slices")).isEmpty());
        eventually()
                .until(() -> cluster.client
                                .endpoints()
                                .inNamespace("slices")
                                .withName("web")
                                .get()
                        == null);
    }

    @Test
    void eachChangeOfReadinessReachesTheSlice() throws Exception {
        cluster.namespace("fast");
        cluster.create("""
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: fast}
                spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}
                """);
        cluster.client.resource(web("fast", 1, "web:1")).create();
        eventually().until(() -> cluster.endpoints("fast").size() == 1 && isReady("fast"));
        BlockingQueue<Boolean> seen = new LinkedBlockingQueue<>();
        try (var _ = cluster.client
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace("fast")
                .watch(new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, EndpointSlice slice) {
                        slice.getEndpoints()
                                .forEach(each -> seen.add(each.getConditions().getReady()));
                    }

                    @Override
                    public void onClose(WatcherException cause) {}
                })) {
            assertThat(seen.poll(5, TimeUnit.SECONDS)).isTrue();
            for (boolean ready : List.of(false, true, false, true, false, true, false, true, false)) {
                Pod pod = cluster.pods("fast").getFirst();
                cluster.kubelet.say(pod, ready);
                assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo(ready);
            }
        }
    }

    private boolean isReady(String namespace) {
        return cluster.endpoints(namespace).stream()
                .allMatch(endpoint -> endpoint.getConditions().getReady());
    }
}
