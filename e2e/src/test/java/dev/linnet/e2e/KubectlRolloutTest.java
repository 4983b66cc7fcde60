package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Releases by Deployment, as people steer them with kubectl. */
@EnabledIfSystemProperty(named = "linnet.all", matches = "true")
@ExtendWith(OnACluster.class)
final class KubectlRolloutTest {

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void goesBackToAnEarlierRevisionWithoutMakingItAgain(Terminal user) {
        user.kubectl("create deployment web --image=" + Images.PODINFO + " --replicas=2 --port=9898");
        user.kubectl("annotate deploy web kubernetes.io/change-cause=first");
        assertThat(user.kubectl("rollout status deploy/web --timeout=90s"))
                .contains("deployment \"web\" successfully rolled out");
        String first = user.field("rs", ".items[0].metadata.name");
        user.kubectl("set image deploy/web podinfo=" + Images.NEXT_PODINFO);
        user.kubectl("annotate deploy web kubernetes.io/change-cause=second --overwrite");
        user.kubectl("rollout status deploy/web --timeout=90s");
        assertThat(user.lines("rollout history deploy/web")).contains("1         first", "2         second");
        assertThat(user.kubectl("rollout history deploy/web --revision=2"))
                .contains(Images.NEXT_PODINFO)
                .contains("pod-template-hash=");

        assertThat(user.kubectl("rollout undo deploy/web --dry-run=client")).contains(Images.PODINFO);
        assertThat(user.kubectl("rollout undo deploy/web")).isEqualTo("deployment.apps/web rolled back\n");
        user.kubectl("rollout status deploy/web --timeout=90s");
        assertThat(user.lines("get rs -o name")).hasSize(2);
        assertThat(user.field(
                        "rs/" + first, ".spec.replicas}{.metadata.annotations.deployment\\.kubernetes\\.io/revision"))
                .isEqualTo("23");
        assertThat(user.field("deploy/web", "..image}{.metadata.annotations.deployment\\.kubernetes\\.io/revision"))
                .isEqualTo(Images.PODINFO + "3");
        assertThat(user.lines("rollout history deploy/web"))
                .contains("2         second", "3         first")
                .noneMatch(row -> row.startsWith("1 "));
        assertThat(user.field("pods", ".items[*].spec.containers[*].image")).contains(Images.PODINFO);

        assertThat(user.refused("rollout undo deploy/web --to-revision=99"))
                .contains("unable to find specified revision 99 in history");
        assertThat(user.kubectl("rollout undo deploy/web --to-revision=3"))
                .contains("skipped rollback (current template already matches revision 3)");
        user.kubectl("rollout undo deploy/web --to-revision=2");
        user.kubectl("rollout status deploy/web --timeout=90s --revision=4");
        user.kubectl("rollout pause deploy/web");
        assertThat(user.refused("rollout undo deploy/web")).contains("cannot rollback a paused deployment");
        assertThat(user.lines("get rs -o name")).hasSize(2);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void holdsChangesBackWhilePausedAndRestarts(Terminal user) {
        user.kubectl("create deployment web --image=" + Images.PODINFO + " --port=9898");
        user.kubectl("rollout status deploy/web --timeout=90s");
        assertThat(user.kubectl("rollout pause deploy/web")).isEqualTo("deployment.apps/web paused\n");
        assertThat(user.refused("rollout pause deploy/web")).contains("already paused");
        user.kubectl("set image deploy/web podinfo=" + Images.NEXT_PODINFO);
        user.kubectl("wait deploy/web --for=jsonpath={.status.observedGeneration}=3 --timeout=30s");
        assertThat(user.lines("get rs -o name")).hasSize(1);
        assertThat(user.field("deploy/web", ".status.conditions[?(@.type==\"Progressing\")].reason"))
                .isEqualTo("DeploymentPaused");
        assertThat(user.refused("rollout restart deploy/web")).contains("can't restart paused deployment");
        user.kubectl("rollout resume deploy/web");
        user.kubectl("rollout status deploy/web --timeout=90s");
        assertThat(user.field("pods", ".items[*].spec.containers[*].image")).contains(Images.NEXT_PODINFO);

        assertThat(user.kubectl("rollout restart deploy/web")).isEqualTo("deployment.apps/web restarted\n");
        user.kubectl("rollout status deploy/web --timeout=90s");
        assertThat(user.lines("get rs -o name")).hasSize(3);
        assertThat(user.field("deploy/web", ".spec.template.metadata.annotations"))
                .contains("kubectl.kubernetes.io/restartedAt");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void scalesByHandAndByAutoscaler(Terminal user) {
        user.kubectl("create deployment web --image=" + Images.PODINFO + " --port=9898");
        assertThat(user.kubectl("scale deploy/web --replicas=3 --current-replicas=1"))
                .isEqualTo("deployment.apps/web scaled\n");
        assertThat(user.refused("scale deploy/web --replicas=5 --current-replicas=1"))
                .contains("Expected replicas to be 1, was 3");
        user.kubectl("wait deploy/web --for=jsonpath={.status.readyReplicas}=3 --timeout=90s");
        assertThat(user.kubectl("get deploy web -o wide"))
                .containsPattern("web +3/3 +3 +3 +\\S+ +podinfo +" + Images.PODINFO + " +app=web");
        String version = user.field("deploy/web", ".metadata.resourceVersion");
        assertThat(user.refused("scale deploy/web --replicas=5 --resource-version=1"))
                .contains("Expected resource version to be 1, was " + version);
        assertThat(user.kubectl("autoscale deploy/web --min=1 --max=2 --cpu-percent=80"))
                .isEqualTo("horizontalpodautoscaler.autoscaling/web autoscaled\n");
        user.kubectl("wait deploy/web --for=jsonpath={.spec.replicas}=2 --timeout=90s");
        assertThat(user.kubectl("describe hpa web"))
                .containsPattern("Min replicas: +1\nMax replicas: +2\n")
                .containsPattern("SuccessfulRescale .* New size: 2");
        user.kubectl("delete hpa web");
        user.kubectl("scale deploy -l app=web --replicas=0 --timeout=60s");
        user.kubectl("wait pods -l app=web --for=delete --timeout=60s");
        assertThat(user.lines("get pods -o name")).isEmpty();
        assertThat(user.field("deploy/web", ".spec.replicas")).isEqualTo("0");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void givesUpOnAReleaseThatMakesNoProgress(Terminal user) {
        user.kubectl("create deployment web --image=" + Images.PODINFO + " --port=9898");
        user.kubectl("rollout status deploy/web --timeout=90s");
        user.kubectl("patch deploy web -p '{\"spec\":{\"progressDeadlineSeconds\":3}}'");
        user.kubectl("set image deploy/web podinfo=linnet.invalid/nothing:1");
        assertThat(user.refused("rollout status deploy/web --timeout=60s"))
                .contains("deployment \"web\" exceeded its progress deadline");
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        user.kubectl("get pods").matches("(?s).*web-\\S+ +0/1 +(ErrImagePull|ImagePullBackOff) .*"));
        assertThat(user.kubectl("get deploy web")).containsPattern("web +1/1 +1 +1 ");
        assertThat(user.kubectl("describe deploy web")).containsPattern("Progressing +False +ProgressDeadlineExceeded");
        user.kubectl("rollout undo deploy/web");
        user.kubectl("rollout status deploy/web --timeout=90s");
        assertThat(user.refused("rollout status deploy/nope")).contains("deployments.apps \"nope\" not found");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void goesBackToAnEarlierTemplateOfADaemonSet(Terminal user) {
        user.kubectl("""
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: agent}
                spec:
                  selector: {matchLabels: {app: agent}}
                  template:
                    metadata: {labels: {app: agent}}
                    spec: {containers: [{name: podinfo, image: "%s"}]}
                """.formatted(Images.PODINFO), "apply -f -");
        user.kubectl("rollout status ds/agent --timeout=90s");
        user.kubectl("set image ds/agent podinfo=" + Images.NEXT_PODINFO);
        user.kubectl("rollout status ds/agent --timeout=90s");
        assertThat(user.lines("rollout history ds/agent")).contains("1         <none>", "2         <none>");
        assertThat(user.kubectl("rollout history ds/agent --revision=1")).contains(Images.PODINFO);

        assertThat(user.kubectl("rollout undo ds/agent")).isEqualTo("daemonset.apps/agent rolled back\n");
        user.kubectl("rollout status ds/agent --timeout=90s");

        assertThat(user.field("ds/agent", "..image")).isEqualTo(Images.PODINFO);
        assertThat(user.lines("rollout history ds/agent"))
                .contains("2         <none>", "3         <none>")
                .noneMatch(row -> row.startsWith("1 "));
        assertThat(user.lines("get controllerrevisions --no-headers"))
                .hasSize(2)
                .allMatch(row -> row.matches("agent-\\S+ +daemonset.apps/agent +[23] +\\S+"));
    }
}
