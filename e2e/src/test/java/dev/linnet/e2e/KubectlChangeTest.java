package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Changing parts of objects with kubectl: patch, edit, set, label, annotate; and what happens to a change that is refused. */
@EnabledIfSystemProperty(named = "linnet.all", matches = "true")
@ExtendWith(OnACluster.class)
final class KubectlChangeTest {

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void patchesInEveryWay(Terminal user) {
        user.kubectl("create deployment web --image=" + Images.PODINFO + " --replicas=0");
        user.kubectl(
                "patch deploy web -p '{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"podinfo\",\"env\":[{\"name\":\"A\",\"value\":\"1\"}]}]}}}}'");
        user.kubectl(
                "patch deploy web --type=strategic -p '{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"podinfo\",\"env\":[{\"name\":\"B\",\"value\":\"2\"}]}]}}}}'");
        user.kubectl("patch deploy web --type=merge -p '{\"metadata\":{\"labels\":{\"tier\":\"x\",\"app\":null}}}'");
        user.kubectl(
                "patch deploy web --type=json -p '[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":0},{\"op\":\"add\",\"path\":\"/spec/paused\",\"value\":true}]'");
        user.kubectl("patch deploy web --patch-file=" + user.file("patch.yaml", "spec: {minReadySeconds: 2}\n"));
        JsonNode web = user.json("get deploy web");
        assertThat(web.at("/spec/template/spec/containers")).hasSize(1);
        assertThat(web.at("/spec/template/spec/containers/0/image").asText()).isEqualTo(Images.PODINFO);
        assertThat(web.at("/spec/template/spec/containers/0/env"))
                .extracting(env -> env.path("name").asText())
                .containsExactlyInAnyOrder("A", "B");
        assertThat(web.at("/metadata/labels").toString()).isEqualTo("{\"tier\":\"x\"}");
        assertThat(web.at("/spec/paused").asBoolean()).isTrue();
        assertThat(web.at("/spec/minReadySeconds").asInt()).isEqualTo(2);

        assertThat(user.kubectl("patch deploy web -p '{\"spec\":{\"paused\":true}}'"))
                .isEqualTo("deployment.apps/web patched (no change)\n");
        assertThat(
                        user.kubectl(
                                "patch deploy web --subresource=scale --type=merge -p '{\"spec\":{\"replicas\":1}}' -o jsonpath={.kind}"))
                .isEqualTo("Scale");
        assertThat(user.field("deploy/web", ".spec.replicas")).isEqualTo("1");
        String before = user.field("deploy/web", ".metadata.generation");
        user.kubectl(
                "patch deploy web --subresource=status --type=merge -p '{\"status\":{\"collisionCount\":7},\"spec\":{\"replicas\":9}}'");
        assertThat(user.field("deploy/web", ".spec.replicas}{.metadata.generation"))
                .isEqualTo("1" + before);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void changesNothingWhenItRefuses(Terminal user) {
        user.kubectl("create deployment web --image=" + Images.PODINFO + " --replicas=0");
        user.kubectl("rollout pause deploy/web");
        user.kubectl("wait deploy/web --for=jsonpath={.status.observedGeneration}=2 --timeout=30s");
        String version = user.field("deploy/web", ".metadata.resourceVersion");
        assertThat(
                        user.refused(
                                "patch deploy web --type=json -p '[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":3},{\"op\":\"test\",\"path\":\"/spec/paused\",\"value\":false}]'"))
                .contains("the server rejected our request");
        assertThat(user.refused("patch deploy web -p '{\"spec\":{\"replicas\":\"x\"}}'"))
                .contains("cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32");
        assertThat(user.refused("patch deploy web -p '{\"spec\":{\"replicas\":-1}}'"))
                .contains("spec.replicas: Invalid value: -1: must be greater than or equal to 0");
        assertThat(user.refused("patch deploy web -p '{\"spec\":{\"selector\":{\"matchLabels\":{\"b\":\"c\"}}}}'"))
                .contains("`selector` does not match template `labels`", "field is immutable");
        assertThat(user.refused("patch deploy web -p '{\"metadata\":{\"resourceVersion\":\"1\"}}'"))
                .contains("the object has been modified");
        assertThat(user.refused("label deploy web 'bad key=x'")).contains("bad key");
        assertThat(user.refused("set image deploy/web nope=x")).contains("unable to find container named \"nope\"");
        assertThat(user.refused("scale deploy web --replicas=5 --current-replicas=2"))
                .contains("Expected replicas to be 2, was 0");
        assertThat(user.kubectl("set image deploy/web podinfo=x --dry-run=server"))
                .contains("(server dry run)");
        assertThat(user.field("deploy/web", ".metadata.resourceVersion")).isEqualTo(version);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void opensObjectsInAnEditor(Terminal user) {
        user.kubectl("create deployment web --image=" + Images.PODINFO + " --replicas=0");
        assertThat(user.edit("edit deploy/web", "s/revisionHistoryLimit: 10/revisionHistoryLimit: 3/")
                        .ok())
                .isEqualTo("deployment.apps/web edited\n");
        assertThat(user.field("deploy/web", ".spec.revisionHistoryLimit")).isEqualTo("3");
        assertThat(user.edit("edit deploy/web", "s/nothing/else/").err()).contains("Edit cancelled, no changes made.");
        user.edit("edit deploy/web -o json", "s/\"revisionHistoryLimit\": 3/\"revisionHistoryLimit\": 4/")
                .ok();
        assertThat(user.field("deploy/web", ".spec.revisionHistoryLimit")).isEqualTo("4");
        Program wrong = user.edit("edit deploy/web", "s/^  replicas: 0/  replicas: -1/");
        assertThat(wrong.exit()).isOne();
        assertThat(wrong.err())
                .contains("deployments.apps \"web\" is invalid", "Edit cancelled, no valid changes were saved.");
        assertThat(user.field("deploy/web", ".spec.replicas}{.spec.revisionHistoryLimit"))
                .isEqualTo("04");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void setsWhatATemplateRuns(Terminal user) {
        user.kubectl("create deployment web --image=" + Images.PODINFO + " --replicas=0");
        assertThat(user.kubectl("set image deploy/web podinfo=" + Images.NEXT_PODINFO))
                .isEqualTo("deployment.apps/web image updated\n");
        user.kubectl("set env deploy/web A=1 B=2");
        assertThat(user.lines("set env deploy/web --list")).contains("A=1", "B=2");
        user.kubectl("set env deploy/web A-");
        user.kubectl("create configmap app --from-literal=color=red");
        user.kubectl("set env deploy/web --from=configmap/app");
        user.kubectl("set resources deploy/web --limits=cpu=200m,memory=64Mi --requests=cpu=100m");
        user.kubectl("create serviceaccount robot");
        user.kubectl("set serviceaccount deploy/web robot");
        JsonNode pod = user.json("get deploy web").at("/spec/template/spec");
        assertThat(pod.at("/containers/0/image").asText()).isEqualTo(Images.NEXT_PODINFO);
        assertThat(pod.at("/containers/0/env"))
                .extracting(env -> env.path("name").asText())
                .containsExactly("B", "COLOR");
        assertThat(pod.at("/containers/0/env/1/valueFrom/configMapKeyRef").toString())
                .isEqualTo("{\"key\":\"color\",\"name\":\"app\"}");
        assertThat(pod.at("/containers/0/resources").toString())
                .isEqualTo("{\"limits\":{\"cpu\":\"200m\",\"memory\":\"64Mi\"},\"requests\":{\"cpu\":\"100m\"}}");
        assertThat(pod.at("/serviceAccountName").asText()).isEqualTo("robot");

        user.kubectl("create service clusterip web --tcp=80");
        user.kubectl("set selector service web app=web,version=2");
        assertThat(user.field("svc/web", ".spec.selector")).isEqualTo("{\"app\":\"web\",\"version\":\"2\"}");
        user.kubectl("create rolebinding reads --clusterrole=view --user=ann");
        user.kubectl("set subject rolebinding reads --serviceaccount=" + user.namespace() + ":robot --group=ops");
        assertThat(user.field("rolebinding/reads", ".subjects[*].kind")).isEqualTo("User Group ServiceAccount");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void labelsAndAnnotates(Terminal user) {
        user.kubectl("create configmap one");
        user.kubectl("create configmap two");
        assertThat(user.kubectl("label cm one two tier=web"))
                .isEqualTo("configmap/one labeled\nconfigmap/two labeled\n");
        assertThat(user.kubectl("label cm one tier=web")).isEqualTo("configmap/one not labeled\n");
        assertThat(user.refused("label cm one tier=db"))
                .contains("'tier' already has a value (web), and --overwrite is false");
        user.kubectl("label cm -l tier=web tier=db --overwrite");
        assertThat(user.lines("label cm one --list")).containsExactly("tier=db");
        assertThat(user.kubectl("label cm one tier-")).isEqualTo("configmap/one unlabeled\n");
        assertThat(user.field("cm/one", ".metadata.labels")).isEmpty();
        assertThat(user.kubectl("annotate cm one 'note=one two' empty=")).isEqualTo("configmap/one annotated\n");
        assertThat(user.lines("annotate cm one --list")).containsExactlyInAnyOrder("note=one two", "empty=");
        user.kubectl("annotate cm one note=three --overwrite");
        user.kubectl("annotate cm one empty-");
        assertThat(user.field("cm/one", ".metadata.annotations")).isEqualTo("{\"note\":\"three\"}");
        String version = user.field("cm/one", ".metadata.resourceVersion");
        user.kubectl("annotate cm one x=y --resource-version=" + version);
        assertThat(user.refused("annotate cm one z=y --resource-version=" + version))
                .contains("the object has been modified");
        assertThat(user.field("cm/one", ".metadata.annotations.z")).isEmpty();
        assertThat(user.kubectl("label cm --all all=1")).contains("configmap/one labeled", "configmap/two labeled");
    }
}
