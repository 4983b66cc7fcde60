package dev.linnet.machine.node;

import static dev.linnet.machine.node.LocalCluster.eventually;
import static dev.linnet.machine.node.Pods.condition;
import static dev.linnet.machine.node.Pods.get;
import static dev.linnet.machine.node.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How containers start, fail, are started again and end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class ContainerLifeTest {
    @AutoClose
    private final LocalCluster cluster;

    ContainerLifeTest(@TempDir Path directory) {
        cluster = new LocalCluster(directory);
    }

    @Test
    void saysWhatToDoAboutAnImageThatItDoesNotHave() {
        cluster.namespace("unknown");
        cluster.create(
                Pod.class, pod("unknown", "web", "").replace("registry:5000/x/echo:1.2", "docker.io/nginx:1.27"));

        eventually().until(() -> cluster.waiting("unknown", "web").equals("ErrImagePull"));
        eventually()
                .untilAsserted(() -> assertThat(cluster.events("unknown", "Failed"))
                        .contains("Error: ErrImagePull")
                        .anyMatch(message -> message.startsWith("Failed to pull image \"docker.io/nginx:1.27\": ")
                                && message.contains("map it to a command with up --image NAME=COMMAND")
                                && message.contains("use one of: echo")));
    }

    @Test
    void saysWhichFlagACommandOfAPodNeeds() {
        cluster.namespace("own-command");
        cluster.create(
                Pod.class,
                pod("own-command", "web", "")
                        .replace("name: web,", "name: web, annotations: {local.linnet.dev/command.app: sleep 1000},"));

        eventually().until(() -> cluster.waiting("own-command", "web").equals("CommandNotAllowed"));

        String advice = "annotation local.linnet.dev/command.app is obeyed only with: up --allow";
        assertThat(cluster.status("own-command", "web").getState().getWaiting().getMessage())
                .isEqualTo(advice);
        eventually()
                .untilAsserted(() -> assertThat(cluster.events("own-command", "Failed"))
                        .containsExactly("Error: CommandNotAllowed: " + advice));
    }

    @Test
    void startsACrashedContainerAgainAndBacksOff() {
        cluster.namespace("crash");
        cluster.create(Pod.class, pod("crash", "web", "env: [{name: EXIT, value: '7'}]"));

        eventually().until(() -> cluster.waiting("crash", "web").equals("CrashLoopBackOff"));

        ContainerStatus status = cluster.status("crash", "web");
        assertThat(status.getRestartCount()).isEqualTo(1);
        assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(7);
        assertThat(status.getLastState().getTerminated().getReason()).isEqualTo("Error");
        assertThat(status.getState().getWaiting().getMessage())
                .startsWith("back-off 10s restarting failed container=app pod=web_crash(");
        assertThat(cluster.client.pods().inNamespace("crash").withName("web").getLog())
                .isEqualTo("hello from web\n");
        eventually()
                .untilAsserted(
                        () -> assertThat(cluster.events("crash", "BackOff")).hasSize(1));
    }

    @Test
    void tellsWhyAContainerCannotStart() {
        cluster.namespace("start-error");
        cluster.create(
                Pod.class,
                pod("start-error", "web", "env: [{name: FAIL, value: 'no configuration'}]")
                        .replace("spec:", "spec:\n  restartPolicy: Never"));

        eventually().until(() -> cluster.phase("start-error", "web").equals("Failed"));

        assertThat(cluster.status("start-error", "web").getState().getTerminated())
                .satisfies(ended -> assertThat(ended.getReason()).isEqualTo("StartError"))
                .satisfies(ended -> assertThat(ended.getMessage()).isEqualTo("no configuration"));
    }

    @Test
    void runsInitContainersInOrderBeforeTheOthers() {
        cluster.namespace("init");
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: init}
                spec:
                  initContainers:
                  - {name: one, image: echo, env: [{name: EXIT, value: '0'}]}
                  - {name: two, image: echo, restartPolicy: Always, env: [{name: PORT, value: '9001'}]}
                  - {name: three, image: echo, env: [{name: EXIT, value: '0'}]}
                  containers:
                  - {name: app, image: echo}
                """);

        Pod pod = cluster.readyPod("init", "web");

        assertThat(pod.getStatus().getInitContainerStatuses())
                .extracting(status -> status.getState().getTerminated() == null)
                .containsExactly(false, true, false);
        assertThat(condition(pod, "Initialized").getStatus()).isEqualTo("True");
    }

    @Test
    void endsAPodThatHasDoneItsWork() {
        cluster.namespace("job");
        cluster.create(
                Pod.class,
                pod("job", "task", "env: [{name: EXIT, value: '0'}]")
                        .replace("spec:", "spec:\n  restartPolicy: OnFailure"));

        eventually().until(() -> cluster.phase("job", "task").equals("Succeeded"));

        assertThat(condition(cluster.pod("job", "task"), "Ready").getReason()).isEqualTo("PodCompleted");
    }

    @Test
    void restartsAContainerWhoseLivenessProbeFails() throws Exception {
        cluster.namespace("liveness");
        String probe = "{httpGet: {path: /health, port: 8080}, periodSeconds: 1, failureThreshold: 2}";
        cluster.create(Pod.class, pod("liveness", "web", "livenessProbe: " + probe + ", readinessProbe: " + probe));
        Pod pod = cluster.readyPod("liveness", "web");

        get(pod, "/sicken");

        eventually().until(() -> cluster.status("liveness", "web").getRestartCount() == 1);
        cluster.readyPod("liveness", "web");
        eventually().untilAsserted(() -> {
            assertThat(cluster.events("liveness", "Killing"))
                    .contains("Container app failed liveness probe, will be restarted");
            assertThat(cluster.events("liveness", "Unhealthy"))
                    .contains("Liveness probe failed: HTTP probe failed with statuscode: 500");
        });
        assertThat(cluster.client
                        .pods()
                        .inNamespace("liveness")
                        .withName("web")
                        .terminated()
                        .getLog())
                .contains("GET /sicken", "goodbye");
    }

    @Test
    void deletesAPodOnceItsContainersHaveEnded() {
        cluster.namespace("delete");
        cluster.create(Pod.class, pod("delete", "web", "lifecycle: {preStop: {sleep: {seconds: 1}}}"));
        cluster.readyPod("delete", "web");
        int stops = cluster.echo.stops.get();

        cluster.client.pods().inNamespace("delete").withName("web").delete();

        eventually()
                .until(() -> cluster.client
                                .pods()
                                .inNamespace("delete")
                                .withName("web")
                                .get()
                        == null);
        assertThat(cluster.echo.stops.get()).isGreaterThan(stops);
        assertThat(cluster.events("delete", "Killing")).containsExactly("Stopping container app");
    }
}
