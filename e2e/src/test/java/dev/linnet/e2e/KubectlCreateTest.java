package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Making objects with kubectl: by its generators, from files and folders, and again from scratch. */
@EnabledIfSystemProperty(named = "linnet.all", matches = "true")
@ExtendWith(OnACluster.class)
final class KubectlCreateTest {

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void makesConfigurationAndSecrets(Terminal user) {
        Path file = user.file("app.properties", "color=red\n");
        user.kubectl("create configmap app --from-literal=k=v --from-file=" + file);
        assertThat(user.field("cm/app", ".data")).isEqualTo("{\"app.properties\":\"color=red\\n\",\"k\":\"v\"}");
        user.kubectl("create secret generic pass --from-literal=user=me");
        assertThat(user.field("secret/pass", ".data.user}{.type")).isEqualTo("bWU=Opaque");
        assertThat(user.kubectl("describe secret pass"))
                .containsPattern("user: +2 bytes")
                .doesNotContain("bWU=");
        user.kubectl(
                "create secret docker-registry pull --docker-server=r.example.com --docker-username=u --docker-password=p");
        assertThat(user.field("secret/pull", ".type")).isEqualTo("kubernetes.io/dockerconfigjson");
        assertThat(user.kubectl("get secrets"))
                .containsPattern("NAME +TYPE +DATA +AGE\n")
                .containsPattern("pass +Opaque +1 ");
        assertThat(user.kubectl("describe cm app")).contains("app.properties:\n----\ncolor=red\n");
        assertThat(user.refused("create configmap app --from-literal=k=w"))
                .contains("configmaps \"app\" already exists");
        assertThat(user.field("cm/app", ".data.k")).isEqualTo("v");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void makesServicesAndWhatLeadsToThem(Terminal user) {
        user.kubectl("create service clusterip inside --tcp=80:8080");
        user.kubectl("create service nodeport outside --tcp=80:8080");
        user.kubectl("create service externalname away --external-name=www.example.com");
        user.kubectl("create service clusterip direct --clusterip=None");
        assertThat(user.kubectl("get svc -o wide --sort-by=.metadata.name"))
                .containsPattern("NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\\(S\\) +AGE +SELECTOR\n")
                .containsPattern("away +ExternalName +<none> +www.example.com +<none> +\\S+ +app=away\n")
                .containsPattern("direct +ClusterIP +None +<none> +<none> +\\S+ +app=direct\n")
                .containsPattern("inside +ClusterIP +\\d[\\d.]+ +<none> +80/TCP +\\S+ +app=inside\n")
                .containsPattern("outside +NodePort +\\d[\\d.]+ +<none> +80:3\\d{4}/TCP +\\S+ +app=outside\n");
        assertThat(user.field("svc/inside", ".spec.ports[0].targetPort}{.spec.ipFamilies[0]}{.spec.sessionAffinity"))
                .isEqualTo("8080IPv4None");

        user.kubectl("create ingress web --class=some --rule='www.example.com/*=inside:80,tls=cert' --annotation=a=b");
        assertThat(user.kubectl("get ingress web")).containsPattern("web +some +www.example.com +.*80, 443 ");
        assertThat(user.field(
                        "ing/web",
                        ".spec.rules[0].http.paths[0].pathType}{.spec.tls[0].secretName}{.metadata.annotations.a"))
                .isEqualTo("Prefixcertb");
        assertThat(user.kubectl("describe ingress web"))
                .containsPattern("www.example.com *\n +/ +inside:80")
                .containsPattern("cert terminates www.example.com");

        user.kubectl("run alone --image=" + Images.PODINFO + " --port=9898 --labels=app=alone,x=y --env=A=1 --expose");
        assertThat(user.field("pod/alone", ".spec.containers[0].env[0].value}{.metadata.labels.x}{.spec.restartPolicy"))
                .isEqualTo("1yAlways");
        assertThat(user.field("svc/alone", ".spec.selector}{.spec.ports[0].port"))
                .isEqualTo("{\"app\":\"alone\",\"x\":\"y\"}9898");
        assertThat(user.kubectl("run nothing --image=x --dry-run=client -o yaml"))
                .contains("kind: Pod", "image: x");
        assertThat(user.kubectl("run nothing --image=x --dry-run=server"))
                .isEqualTo("pod/nothing created (server dry run)\n");
        assertThat(user.refused("get pod nothing")).contains("not found");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void makesWorkloadsAndWhatLimitsThem(Terminal user) {
        user.kubectl("create deployment web --image=" + Images.PODINFO + " --image=busybox --replicas=0");
        assertThat(user.field("deploy/web", ".spec.template.spec.containers[*].name}{.spec.replicas"))
                .isEqualTo("podinfo busybox0");
        assertThat(user.field(
                        "deploy/web", ".spec.revisionHistoryLimit}{.spec.strategy.type}{.spec.template.spec.dnsPolicy"))
                .isEqualTo("10RollingUpdateClusterFirst");
        user.kubectl("autoscale deploy web --min=2 --max=4 --cpu-percent=70");
        assertThat(user.field(
                        "horizontalpodautoscalers.v2.autoscaling/web",
                        ".spec.metrics[0].resource.target.averageUtilization}{.spec.minReplicas"))
                .isEqualTo("702");
        assertThat(user.field(
                        "horizontalpodautoscalers.v1.autoscaling/web",
                        ".spec.targetCPUUtilizationPercentage}{.spec.scaleTargetRef.kind"))
                .isEqualTo("70Deployment");
        assertThat(user.kubectl("get hpa")).containsPattern("web +Deployment/web +\\S.* 2 +4 +\\d+ ");
        user.kubectl("create pdb web --selector=app=web --min-available=1");
        assertThat(user.kubectl("get pdb")).containsPattern("web +1 +N/A +\\d+ ");
        user.kubectl("create serviceaccount robot");
        user.kubectl("create job once --image=busybox -- /bin/true");
        assertThat(
                        user.field(
                                "job/once",
                                ".spec.backoffLimit}{.spec.template.spec.restartPolicy}{.spec.template.spec.containers[0].command[0]"))
                .isEqualTo("6Never/bin/true");
        user.kubectl("create cronjob nightly --image=busybox --schedule='0 3 * * *'");
        assertThat(user.kubectl("get cronjob")).containsPattern("nightly +0 3 \\* \\* \\* +<none> +False +0 +<none> ");
        user.kubectl("create job now --from=cronjob/nightly");
        assertThat(user.field("job/now", ".metadata.ownerReferences[0].name}{.metadata.annotations"))
                .isEqualTo("nightly{\"cronjob.kubernetes.io/instantiate\":\"manual\"}");
        user.kubectl("create quota few --hard=pods=5,services=2");
        assertThat(user.field("quota/few", ".spec.hard")).isEqualTo("{\"pods\":\"5\",\"services\":\"2\"}");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void makesWhatFilesSayAndNothingTwice(Terminal user) {
        String pair = configMap("one", "1") + "---\n" + configMap("two", "2");
        Path file = user.file("many/pair.yaml", pair);
        user.file(
                "many/more/three.json",
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"three\"}}");
        assertThat(user.kubectl("create --dry-run=server -f " + file))
                .contains("configmap/one created (server dry run)");
        assertThat(user.kubectl("create -f " + file.getParent() + " -R --save-config"))
                .contains("configmap/one created", "configmap/two created", "configmap/three created");
        assertThat(user.field("cm/one", ".metadata.annotations")).contains("last-applied-configuration");
        assertThat(user.refused("create -f " + file))
                .contains("configmaps \"one\" already exists", "configmaps \"two\" already exists");
        assertThat(user.lines("get -f " + file + " -o name")).containsExactly("configmap/one", "configmap/two");

        String generated = "apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: gen-, labels: {made: many}}\n";
        assertThat(user.kubectl(generated, "create -f - -o name")).matches("configmap/gen-[a-z0-9]{5}\n");
        user.kubectl(generated, "create -f -");
        assertThat(user.lines("get cm -l made=many -o name")).hasSize(2);
        assertThat(user.kubectl("create deployment text --image=x --dry-run=client -o jsonpath={.kind}"))
                .isEqualTo("Deployment");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void replacesAWholeObjectOrMakesItAnew(Terminal user) {
        user.kubectl(configMap("app", "1"), "create -f -");
        user.kubectl("label cm app kept=no");
        String first = user.field("cm/app", ".metadata.uid");
        assertThat(user.kubectl(configMap("app", "2"), "replace -f -")).isEqualTo("configmap/app replaced\n");
        assertThat(user.field("cm/app", ".metadata.uid}{.data.key}{.metadata.labels"))
                .isEqualTo(first + "2");

        String stale = user.kubectl("get cm app -o yaml");
        user.kubectl("label cm app newer=yes");
        assertThat(user.refused(stale, "replace -f -"))
                .contains("the object has been modified; please apply your changes to the latest version");
        assertThat(user.field("cm/app", ".metadata.labels.newer")).isEqualTo("yes");
        assertThat(user.refused(configMap("nope", "1"), "replace -f -")).contains("configmaps \"nope\" not found");

        assertThat(user.kubectl(configMap("app", "3"), "replace --force -f -"))
                .contains("configmap \"app\" deleted", "configmap/app replaced");
        assertThat(user.field("cm/app", ".data.key")).isEqualTo("3");
        assertThat(user.field("cm/app", ".metadata.uid")).isNotEqualTo(first);
    }

    private static String configMap(String name, String value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\ndata:\n  key: \"" + value + "\"\n";
    }
}
