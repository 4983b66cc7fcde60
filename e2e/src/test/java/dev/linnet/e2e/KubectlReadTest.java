package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Looking at objects with kubectl: each form of output, each way to choose, and what is said about a kind. */
@ExtendWith(OnACluster.class)
final class KubectlReadTest {

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void showsTheSamePodsInEveryForm(Terminal user) {
        user.kubectl("create deployment web --image=" + Images.PODINFO + " --replicas=2 --port=9898");
        assertThat(user.kubectl("wait deploy/web --for=condition=Available --timeout=90s"))
                .isEqualTo("deployment.apps/web condition met\n");

        List<String> names = user.lines("get pods -o name");
        assertThat(names).hasSize(2).allMatch(name -> name.matches("pod/web-[a-z0-9]+-[a-z0-9]{5}"));
        assertThat(user.lines("get pods --no-headers"))
                .hasSize(2)
                .allMatch(row -> row.matches("web-\\S+ +1/1 +Running +0 +\\S+"));
        assertThat(user.kubectl("get pods -o wide"))
                .containsPattern("NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES\n")
                .containsPattern("web-\\S+ +1/1 +Running +0 +\\S+ +\\d+\\.\\d+\\.\\d+\\.\\d+ +\\S+ +<none> +<none>\n");
        assertThat(user.kubectl("get pods -o yaml"))
                .startsWith("apiVersion: v1\nitems:\n")
                .contains("kind: List", "generateName: web-")
                .doesNotContain("managedFields");
        JsonNode list = user.json("get pods");
        assertThat(list.path("items")).hasSize(2);
        assertThat(list.at("/items/0/status/phase").asText()).isEqualTo("Running");
        assertThat(user.json("get pods --show-managed-fields").at("/items/0/metadata/managedFields"))
                .isNotEmpty();
        assertThat(user.kubectl(
                        "get pods -o 'jsonpath={range .items[*]}{.status.phase}={.spec.containers[0].image};{end}'"))
                .isEqualTo("Running=%1$s;Running=%1$s;".formatted(Images.PODINFO));
        assertThat(user.kubectl("get pods -o 'go-template={{len .items}}{{range .items}} {{.kind}}{{end}}'"))
                .isEqualTo("2 Pod Pod");
        assertThat(user.lines("get pods -o custom-columns=IMAGE:.spec.containers[*].image,NOTHING:.spec.nope"))
                .first()
                .asString()
                .matches("IMAGE +NOTHING");
        Path columns = user.file("columns", "PHASE OWNER\n.status.phase .metadata.ownerReferences[0].kind\n");
        assertThat(user.lines("get pods -o custom-columns-file=" + columns).getLast())
                .matches("Running +ReplicaSet");
        assertThat(user.kubectl("get pods --show-labels -L app"))
                .containsPattern(" APP +LABELS\nweb.* web +app=web,pod-template-hash=");
        assertThat(user.lines("get deploy,rs,svc --show-kind --no-headers")).hasSize(2);
        assertThat(user.lines("get all -o name")).hasSize(4);
        assertThat(user.lines("get pods --chunk-size=1 -o name")).isEqualTo(names);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void choosesByLabelsAndFieldsAndSorts(Terminal user) {
        user.kubectl("create configmap b --from-literal=x=1");
        user.kubectl("create configmap a --from-literal=x=1 --from-literal=y=2");
        user.kubectl("create configmap c");
        user.kubectl("label configmap a b tier=web");
        user.kubectl("label configmap a color=red");

        assertThat(user.lines("get cm -l tier=web -o name")).containsExactly("configmap/a", "configmap/b");
        assertThat(user.lines("get cm -l 'tier in (web,db),color notin (red)' -o name"))
                .containsExactly("configmap/b");
        assertThat(user.lines("get cm -l color -o name")).containsExactly("configmap/a");
        assertThat(user.lines("get cm -l 'tier=web,!color' -o name")).containsExactly("configmap/b");
        assertThat(user.run("", "get cm -l color=blue").err())
                .startsWith("No resources found in " + user.namespace() + " namespace.");
        assertThat(user.lines("get cm --field-selector metadata.name=c -o name"))
                .containsExactly("configmap/c");
        assertThat(user.lines("get cm -A --field-selector metadata.namespace=" + user.namespace()
                        + ",metadata.name!=c --no-headers"))
                .filteredOn(row -> !row.contains("kube-root-ca.crt"))
                .allMatch(row -> row.matches(user.namespace() + " +[ab] +[12] +\\S+"))
                .hasSize(2);
        assertThat(user.lines("get cm a b c --sort-by='{.metadata.name}' -o name"))
                .containsExactly("configmap/a", "configmap/b", "configmap/c");
        assertThat(user.lines("get cm -l tier --sort-by=.metadata.labels.color --no-headers"))
                .map(row -> row.substring(0, 1))
                .containsExactly("b", "a");
        assertThat(user.refused("get cm -l 'tier in web'")).contains("unable to parse requirement");
        assertThat(user.refused("get cm --field-selector data.x=1"))
                .contains("field selector \"data.x=1\": \"data.x\" is not a known field selector");
        assertThat(user.refused("get cm nope"))
                .isEqualTo("Error from server (NotFound): configmaps \"nope\" not found\n");
        assertThat(user.kubectl("get cm nope --ignore-not-found")).isEmpty();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void watchesWhatHappensToAnObject(Terminal user) {
        user.kubectl("create configmap before --from-literal=x=1");
        try (Following watch = user.follow(
                "get cm --field-selector metadata.name!=kube-root-ca.crt -w --output-watch-events -L mark")) {
            await().atMost(Duration.ofSeconds(20)).until(() -> watch.said().size() == 2);
            user.kubectl("create configmap seen");
            user.kubectl("label configmap seen mark=yes");
            user.kubectl("delete configmap seen");
            await().atMost(Duration.ofSeconds(20)).until(() -> watch.said().size() == 5);
            assertThat(watch.said().getFirst()).matches("EVENT +NAME +DATA +AGE +MARK");
            assertThat(watch.said().subList(1, 5))
                    .map(row -> row.replaceAll(" +", " ")
                            .replaceAll(" \\d+m?s ?", " ")
                            .strip())
                    .containsExactly("ADDED before 1", "ADDED seen 0", "MODIFIED seen 0 yes", "DELETED seen 0 yes");
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void describesAReleaseFromItsDeploymentDownToItsPods(Terminal user) {
        user.kubectl("create deployment web --image=" + Images.PODINFO + " --replicas=2 --port=9898");
        user.kubectl("expose deploy web --port=80 --target-port=9898");
        user.kubectl("rollout status deploy/web --timeout=90s");

        assertThat(user.kubectl("describe deploy web"))
                .containsPattern("Replicas: +2 desired \\| 2 updated \\| 2 total \\| 2 available \\| 0 unavailable")
                .containsPattern("RollingUpdateStrategy: +25% max unavailable, 25% max surge")
                .containsPattern("Available +True +MinimumReplicasAvailable")
                .containsPattern("NewReplicaSet: +web-\\S+ \\(2/2 replicas created\\)")
                .containsPattern("Normal +ScalingReplicaSet +\\S+ .* Scaled up replica set web-\\S+ (from 0 )?to 2");
        assertThat(user.kubectl("describe rs -l app=web"))
                .containsPattern("Controlled By: +Deployment/web")
                .containsPattern("Pods Status: +2 Running / 0 Waiting / 0 Succeeded / 0 Failed")
                .containsPattern("Normal +SuccessfulCreate .* Created pod: web-");
        assertThat(user.kubectl("describe pods"))
                .containsPattern("Status: +Running")
                .containsPattern("Controlled By: +ReplicaSet/web-")
                .containsPattern("Image: +" + Images.PODINFO)
                .containsPattern("Port: +9898/TCP")
                .containsPattern("QoS Class: +BestEffort")
                .containsPattern("Normal +Scheduled .* Successfully assigned " + user.namespace() + "/web-")
                .containsPattern("Normal +Started .* Started container");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(user.kubectl("describe service web"))
                        .containsPattern("Selector: +app=web")
                        .containsPattern("Type: +ClusterIP")
                        .containsPattern("TargetPort: +9898/TCP")
                        .containsPattern("Endpoints: +\\S+:\\d+,\\S+:\\d+\n"));
        assertThat(user.kubectl("describe endpointslices -l kubernetes.io/service-name=web"))
                .containsPattern("AddressType: +IPv4")
                .containsPattern("Ready: +true")
                .containsPattern("TargetRef: +Pod/web-");
        assertThat(user.kubectl("events --for deploy/web --types=Normal"))
                .contains("ScalingReplicaSet", "Deployment/web");
        assertThat(user.lines(
                        "get events --field-selector reason=ScalingReplicaSet,involvedObject.name=web --no-headers"))
                .hasSize(1);
        assertThat(user.kubectl("describe node " + user.field("pods", ".items[0].spec.nodeName")))
                .containsPattern("Ready +True")
                .containsPattern("Allocatable:\n")
                .contains(user.namespace());
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void readsTheLogsOfOnePodAndOfMany(Terminal user) {
        user.kubectl("create deployment web --image=" + Images.PODINFO + " --replicas=2 --port=9898");
        user.kubectl("rollout status deploy/web --timeout=90s");
        String pod = user.lines("get pods -o name").getFirst();

        assertThat(user.kubectl("logs " + pod)).contains("Starting podinfo");
        assertThat(user.lines("logs " + pod + " --tail=1")).hasSize(1);
        assertThat(user.lines("logs " + pod + " --timestamps --limit-bytes=20"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("20");
        assertThat(user.kubectl("logs " + pod + " --since=1h -c podinfo")).contains("Starting podinfo");
        assertThat(user.kubectl("logs deploy/web")).contains("Starting podinfo");
        assertThat(user.lines("logs -l app=web --prefix --tail=1"))
                .hasSize(2)
                .allMatch(line -> line.startsWith("[pod/web-"));
        assertThat(user.refused("logs " + pod + " -c nope")).contains("container nope is not valid for pod");
        assertThat(user.refused("logs " + pod + " --previous"))
                .contains("previous terminated container \"podinfo\" in pod")
                .contains("not found");
        assertThat(user.refused("logs nope")).contains("pods \"nope\" not found");
        try (Following log = user.follow("logs -f --tail=1 " + pod)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> log.said().size() == 1);
            user.kubectl("delete " + pod + " --wait=false");
            await().atMost(Duration.ofSeconds(60)).until(log::ended);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void explainsKindsAndListsThem(Terminal user) {
        assertThat(user.kubectl("explain pods.spec.containers.image"))
                .containsPattern("FIELD: image <string>\n")
                .contains("Container image name.");
        assertThat(user.kubectl("explain deploy.spec.strategy --recursive"))
                .containsPattern("rollingUpdate\\s+<\\S+>\n +maxSurge\\s+<IntOrString>");
        assertThat(user.kubectl("explain ingress.spec.rules.http.paths --api-version=networking.k8s.io/v1"))
                .containsPattern("pathType\\s+<string> -required-");
        assertThat(user.refused("explain pods.spec.nope")).contains("field \"nope\" does not exist");
        assertThat(user.refused("explain nope")).contains("the server doesn't have a resource type \"nope\"");

        assertThat(user.lines("api-versions"))
                .contains("v1", "apps/v1", "autoscaling/v2", "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1");
        assertThat(user.lines("api-resources --no-headers --api-group=apps --sort-by=name"))
                .anyMatch(row -> row.matches("deployments +deploy +apps/v1 +true +Deployment"));
        assertThat(user.lines("api-resources -o name --namespaced=false"))
                .contains("namespaces", "nodes", "clusterroles.rbac.authorization.k8s.io")
                .doesNotContain("pods");
        assertThat(user.lines("api-resources -o name --categories=all"))
                .contains("pods", "services", "deployments.apps")
                .doesNotContain("configmaps");
        assertThat(user.kubectl("api-resources -o wide --verbs=create,deletecollection"))
                .containsPattern(
                        "configmaps +cm +v1 +true +ConfigMap +create,delete,deletecollection,get,list,patch,update,watch");
        assertThat(user.kubectl("get --raw /readyz")).isEqualTo("ok");
        assertThat(user.kubectl("get --raw /api/v1/namespaces/" + user.namespace() + "/configmaps"))
                .contains("\"kind\":\"ConfigMapList\"");
        assertThat(user.kubectl("version")).containsPattern("Server Version: v1\\.\\d+");
        assertThat(user.kubectl("cluster-info")).contains("is running at");
    }
}
