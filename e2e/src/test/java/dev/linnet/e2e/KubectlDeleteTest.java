package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Deleting with kubectl: what goes with an object, what stays, and what is waited for. */
@EnabledIfSystemProperty(named = "linnet.all", matches = "true")
@ExtendWith(OnACluster.class)
final class KubectlDeleteTest {

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void takesDependentsAlongOrLeavesThemAlone(Terminal user) {
        user.kubectl("create deployment web --image=" + Images.PODINFO + " --replicas=2 --port=9898");
        user.kubectl("rollout status deploy/web --timeout=90s");
        List<String> pods = user.lines("get pods -o name");
        assertThat(user.kubectl("delete deploy web --cascade=orphan")).isEqualTo("deployment.apps \"web\" deleted\n");
        assertThat(user.lines("get rs,pods -o name")).hasSize(3).containsAll(pods);
        assertThat(user.field("rs", ".items[0].metadata.ownerReferences")).isEmpty();

        user.kubectl("create deployment web --image=" + Images.PODINFO + " --replicas=2 --port=9898");
        user.kubectl("rollout status deploy/web --timeout=90s");
        assertThat(user.lines("get pods -o name"))
                .as("adopted, not made again")
                .containsExactlyInAnyOrderElementsOf(pods);
        user.kubectl("delete deploy web --cascade=foreground --timeout=90s");
        assertThat(user.lines("get deploy,rs -o name")).isEmpty();

        user.kubectl("create deployment web --image=" + Images.PODINFO);
        user.kubectl("rollout status deploy/web --timeout=90s");
        user.kubectl("delete deploy web");
        user.kubectl("wait rs,pods --all --for=delete --timeout=90s");
        assertThat(user.lines("get rs,pods -o name")).isEmpty();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void choosesWhatToDelete(Terminal user) {
        for (String name : List.of("a", "b", "c", "d", "e")) {
            user.kubectl("create configmap " + name);
        }
        user.kubectl("label cm a b pick=me");
        assertThat(user.kubectl("delete cm -l pick=me --dry-run=server"))
                .contains("configmap \"a\" deleted (server dry run)");
        assertThat(user.kubectl("delete cm -l pick=me --dry-run=client")).contains("configmap \"b\" deleted (dry run)");
        assertThat(user.lines("get cm a b c d e -o name")).hasSize(5);
        assertThat(user.kubectl("delete cm -l pick=me"))
                .isEqualTo("configmap \"a\" deleted\nconfigmap \"b\" deleted\n");
        assertThat(user.kubectl("delete cm/c -o name")).isEqualTo("configmap/c\n");
        assertThat(user.kubectl("delete cm --field-selector metadata.name=d")).isEqualTo("configmap \"d\" deleted\n");
        assertThat(user.refused("delete cm c")).isEqualTo("Error from server (NotFound): configmaps \"c\" not found\n");
        assertThat(user.kubectl("delete cm c --ignore-not-found")).isEmpty();
        user.kubectl("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: e}\n", "delete -f -");
        user.kubectl("create configmap f");
        assertThat(user.kubectl("delete cm --all")).contains("configmap \"f\" deleted");
        assertThat(user.refused("delete cm")).contains("resource(s) were provided, but no name was specified");
        assertThat(user.kubectl("delete cm,secret,svc -l pick=me")).isEqualTo("No resources found\n");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void waitsForFinalizersAndGracePeriods(Terminal user) {
        user.kubectl("create configmap held");
        user.kubectl("patch cm held --type=merge -p '{\"metadata\":{\"finalizers\":[\"example.com/hold\"]}}'");
        user.kubectl("delete cm held --wait=false");
        assertThat(user.field("cm/held", ".metadata.deletionTimestamp")).isNotEmpty();
        assertThat(user.refused("wait cm/held --for=delete --timeout=1s"))
                .contains("timed out waiting for the condition on configmaps/held");
        assertThat(
                        user.refused(
                                "patch cm held --type=merge -p '{\"metadata\":{\"finalizers\":[\"example.com/hold\",\"example.com/more\"]}}'"))
                .contains("no new finalizers can be added if the object is being deleted");
        assertThat(user.refused("create configmap held"))
                .contains("object is being deleted: configmaps \"held\" already exists");
        user.kubectl("patch cm held --type=json -p '[{\"op\":\"remove\",\"path\":\"/metadata/finalizers\"}]'");
        user.kubectl("wait cm/held --for=delete --timeout=30s");
        assertThat(user.refused("get cm held")).contains("not found");

        user.kubectl("run one --image=" + Images.PODINFO);
        user.kubectl("run two --image=" + Images.PODINFO);
        assertThat(user.kubectl("wait pods one two --for=condition=Ready --timeout=90s"))
                .isEqualTo("pod/one condition met\npod/two condition met\n");
        assertThat(user.kubectl("delete pod one --grace-period=1")).isEqualTo("pod \"one\" deleted\n");
        assertThat(user.kubectl("delete pod two --now")).isEqualTo("pod \"two\" deleted\n");
        user.kubectl("run three --image=" + Images.PODINFO);
        Program forced = user.run("", "delete pod three --grace-period=0 --force");
        assertThat(forced.out()).isEqualTo("pod \"three\" force deleted\n");
        assertThat(forced.err()).contains("Immediate deletion does not wait for confirmation");
        assertThat(user.lines("get pods -o name")).isEmpty();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void endsANamespaceWithAllThatIsInIt(Terminal user) {
        String name = user.namespace() + "-short";
        user.kubectl("create namespace " + name);
        user.kubectl("-n " + name + " create deployment web --image=" + Images.PODINFO);
        user.kubectl("-n " + name + " rollout status deploy/web --timeout=90s");
        assertThat(user.kubectl("get ns " + name)).containsPattern(name + " +Active ");
        assertThat(user.kubectl("describe ns " + name)).containsPattern("Status: +Active");
        user.kubectl("delete ns " + name + " --wait=false");
        user.kubectl("wait ns/" + name + " --for=delete --timeout=120s");
        assertThat(user.refused("get ns " + name)).contains("namespaces \"" + name + "\" not found");
        assertThat(user.refused("create configmap late -n " + name)).contains("namespaces \"" + name + "\" not found");
        user.kubectl("create namespace " + name);
        assertThat(user.lines("get deploy,pods -o name -n " + name)).isEmpty();
        user.kubectl("delete ns " + name + " --wait=false");
        assertThat(user.refused("delete ns default")).contains("this namespace may not be deleted");
    }
}
