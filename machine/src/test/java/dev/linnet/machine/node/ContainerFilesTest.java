package dev.linnet.machine.node;

import static dev.linnet.machine.node.LocalCluster.eventually;
import static dev.linnet.machine.node.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.machine.Image;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What containers are given: environment, files, and changes of these. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class ContainerFilesTest {
    @AutoClose
    private final LocalCluster cluster;

    ContainerFilesTest(@TempDir Path directory) {
        cluster = new LocalCluster(directory);
    }

    @Test
    void givesAContainerEnvironmentFilesAndWhatItMayKnowOfItself() throws Exception {
        cluster.namespace("given");
        cluster.create(
                ConfigMap.class,
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: given}, data: {color: blue, app.conf: 'listen 80;'}}");
        cluster.create(
                Secret.class,
                "{apiVersion: v1, kind: Secret, metadata: {name: keys, namespace: given}, stringData: {key: s3cret}}");
        cluster.create(
                Service.class,
                "{apiVersion: v1, kind: Service, metadata: {name: my-db, namespace: given}, spec: {ports: [{port: 5432}], selector: {a: b}}}");
        eventually()
                .until(() -> !cluster.client
                        .services()
                        .inNamespace("given")
                        .withName("my-db")
                        .require()
                        .getSpec()
                        .getClusterIP()
                        .isEmpty());
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: given, labels: {app: web}}
                spec:
                  containers:
                  - name: app
                    image: echo
                    args: ["--color=$(COLOR)", "--missing=$(NOPE)", "--price=$$(COLOR)"]
                    envFrom: [{prefix: X_, configMapRef: {name: settings}}]
                    env:
                    - {name: COLOR, valueFrom: {configMapKeyRef: {name: settings, key: color}}}
                    - {name: KEY, valueFrom: {secretKeyRef: {name: keys, key: key}}}
                    - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                    - {name: LABEL, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
                    - {name: SENTENCE, value: "$(COLOR) at $(IP)"}
                    volumeMounts:
                    - {name: conf, mountPath: /etc/app}
                    - {name: conf, mountPath: /etc/one.conf, subPath: app.conf}
                    - {name: scratch, mountPath: /tmp}
                    - {name: keys, mountPath: /keys}
                  volumes:
                  - {name: conf, configMap: {name: settings, items: [{key: app.conf, path: app.conf}]}}
                  - {name: scratch, emptyDir: {}}
                  - {name: keys, secret: {secretName: keys}}
                """);

        Pod pod = cluster.readyPod("given", "web");

        Image.Context context = cluster.echo.context("web/app");
        assertThat(context.args()).containsExactly("--color=blue", "--missing=$(NOPE)", "--price=$(COLOR)");
        assertThat(context.env())
                .containsEntry("X_color", "blue")
                .containsEntry("KEY", "s3cret")
                .containsEntry("IP", pod.getStatus().getPodIP())
                .containsEntry("LABEL", "web")
                .containsEntry("SENTENCE", "blue at " + pod.getStatus().getPodIP())
                .containsEntry("HOSTNAME", "web")
                .containsEntry("MY_DB_SERVICE_PORT", "5432")
                .containsKeys("MY_DB_SERVICE_HOST", "KUBECONFIG");
        assertThat(files(context, "/etc/app")).containsExactly("app.conf");
        assertThat(Files.readString(file(context, "/etc/one.conf"))).isEqualTo("listen 80;");
        assertThat(Files.readString(file(context, "/keys").resolve("key"))).isEqualTo("s3cret");
        assertThat(files(context, "/tmp")).isEmpty();
    }

    @Test
    void followsChangesOfWhatIsMountedExceptWhereKubernetesDoesNot() throws Exception {
        cluster.namespace("follow");
        cluster.create(
                ConfigMap.class,
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: follow}, data: {color: blue}}");
        cluster.create(
                Secret.class,
                "{apiVersion: v1, kind: Secret, metadata: {name: keys, namespace: follow}, stringData: {key: one}}");
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: following, namespace: follow, labels: {version: a}}
                spec:
                  containers:
                  - name: app
                    image: echo
                    volumeMounts:
                    - {name: all, mountPath: /all}
                    - {name: settings, mountPath: /color, subPath: color}
                  volumes:
                  - {name: settings, configMap: {name: settings}}
                  - name: all
                    projected:
                      sources:
                      - configMap: {name: settings}
                      - secret: {name: keys}
                      - downwardAPI: {items: [{path: version, fieldRef: {fieldPath: "metadata.labels['version']"}}]}
                """);
        cluster.readyPod("follow", "following");
        Image.Context context = Objects.requireNonNull(cluster.echo.contexts.get("following/app"));
        assertThat(file(context, "/all").resolve("key")).hasContent("one");

        cluster.client
                .configMaps()
                .inNamespace("follow")
                .withName("settings")
                .edit(found -> found.edit().addToData("color", "red").build());
        cluster.client
                .secrets()
                .inNamespace("follow")
                .withName("keys")
                .edit(found -> found.edit().addToStringData("key", "two").build());
        cluster.client
                .pods()
                .inNamespace("follow")
                .withName("following")
                .edit(found -> found.edit()
                        .editMetadata()
                        .addToLabels("version", "b")
                        .endMetadata()
                        .build());

        eventually().untilAsserted(() -> {
            assertThat(file(context, "/all").resolve("color")).hasContent("red");
            assertThat(file(context, "/all").resolve("key")).hasContent("two");
            assertThat(file(context, "/all").resolve("version")).hasContent("b");
        });
        assertThat(file(context, "/color")).hasContent("blue");
    }

    @Test
    void waitsForAConfigMapThatComesLater() {
        cluster.namespace("later");
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: later}
                spec:
                  containers: [{name: app, image: echo, volumeMounts: [{name: conf, mountPath: /etc/app}]}]
                  volumes: [{name: conf, configMap: {name: settings}}]
                """);
        eventually()
                .untilAsserted(() -> assertThat(cluster.events("later", "FailedMount"))
                        .containsExactly(
                                "MountVolume.SetUp failed for volume \"conf\" : configmap \"settings\" not found"));
        eventually().until(() -> cluster.waiting("later", "web").equals("ContainerCreating"));

        cluster.create(
                ConfigMap.class,
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: later}, data: {a: b}}");

        cluster.readyPod("later", "web");
    }

    private static Path file(Image.Context context, String mountPath) {
        return Objects.requireNonNull(context.files().get(mountPath));
    }

    private static List<String> files(Image.Context context, String mountPath) throws IOException {
        try (var files = Files.list(file(context, mountPath))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith(".."))
                    .sorted()
                    .toList();
        }
    }
}
