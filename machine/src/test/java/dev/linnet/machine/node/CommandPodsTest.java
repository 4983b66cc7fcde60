package dev.linnet.machine.node;

import static dev.linnet.machine.node.LocalCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReview;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Pods whose images are commands of this machine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class CommandPodsTest {
    private CommandPods pods;
    private LocalCluster cluster;
    private Path directory = Path.of("");

    @BeforeAll
    void start(@TempDir Path folder) {
        pods = new CommandPods(folder);
        cluster = pods.cluster;
        directory = folder;
    }

    @AfterAll
    void stop() {
        pods.close();
    }

    @Test
    void servesAMountedConfigMapByAProgramOfThisMachine() throws Exception {
        cluster.namespace("serve");
        cluster.create(
                ConfigMap.class,
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: site, namespace: serve}, data: {index.html: hello}}");
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: serve}
                spec:
                  containers:
                  - name: app
                    image: registry.example.com:5000/x/files:1.2
                    ports: [{name: admin, containerPort: 9000}, {name: http, containerPort: 80}]
                    readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 1}
                    volumeMounts: [{name: site, mountPath: /srv}]
                  volumes: [{name: site, configMap: {name: site}}]
                """);

        Pod pod = cluster.readyPod("serve", "web");

        int port = cluster.addresses.lowPorts().realPort(80);
        assertThat(get("http://" + pod.getStatus().getPodIP() + ":" + port + "/"))
                .isEqualTo("hello");
    }

    @Test
    void givesACommandItsEnvironmentArgsAndWorkingDirectory() {
        cluster.namespace("given");
        pods.shell(
                "given",
                "task",
                "echo \"$GREETING $HOSTNAME $0 $1\"; pwd; echo \"$HOME\"; ls /proc/self/fd | wc -l",
                """
                    restartPolicy: Never
                """,
                """
                        workingDir: /srv/here
                        env: [{name: GREETING, value: hello}, {name: dotted.name, value: x}]
                """);

        Pod pod = pods.over("given", "task");

        String own = pods.own(pod).toString();
        assertThat(pods.log("given", "task").lines().limit(3))
                .containsExactly("hello task first second word", own + "/srv/here", own);
    }

    @Test
    void runsThePodsOwnCommandWhereTheMappingSaysSo() {
        cluster.namespace("own");
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: task, namespace: own}
                spec:
                  restartPolicy: Never
                  containers: [{name: app, image: "own", command: [sh, -c], args: ["echo mine; exit 4"]}]
                """);

        assertThat(CommandPods.ended(pods.over("own", "task")).getExitCode()).isEqualTo(4);
        assertThat(pods.log("own", "task")).isEqualTo("mine\n");
    }

    @Test
    void obeysTheCommandThatAPodBringsAlong() {
        cluster.namespace("brought");
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: task
                  namespace: brought
                  annotations: {local.linnet.dev/command.app: "sh -c 'echo {ip} {tag}'"}
                spec:
                  restartPolicy: Never
                  containers: [{name: app, image: "files:3"}]
                """);

        Pod pod = pods.over("brought", "task");

        assertThat(pods.log("brought", "task")).isEqualTo(pod.getStatus().getPodIP() + " 3\n");
    }

    @Test
    void speaksToTheApiAsItsServiceAccount() throws Exception {
        cluster.namespace("account");
        pods.shell(
                "account",
                "web",
                "cat var/run/secrets/kubernetes.io/serviceaccount/namespace; echo; sleep 1000",
                "",
                "");
        Pod pod = cluster.readyPod("account", "web");

        Path own = pods.own(pod);
        var config = Config.fromKubeconfig(own.resolve("kubeconfig").toFile());
        try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
            var review = new SelfSubjectReview();
            assertThat(client.resource(review)
                            .create()
                            .getStatus()
                            .getUserInfo()
                            .getUsername())
                    .isEqualTo("system:serviceaccount:account:default");
        }
        eventually().until(() -> pods.log("account", "web").equals("account\n"));
        assertThat(own.resolve("var/run/secrets/kubernetes.io/serviceaccount/ca.crt"))
                .isNotEmptyFile();
    }

    @Test
    void callsAServiceByNameThroughItsProxyAndIsSeenUnderItsOwnAddress() {
        assumeTrue(
                List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).stream()
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "curl"))),
                "needs curl on the PATH");
        cluster.namespace("calls");
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: callee, namespace: calls, labels: {app: callee}}
                spec: {containers: [{name: app, image: echo, ports: [{containerPort: 8080}]}]}
                """);
        cluster.create(Service.class, """
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: calls}
                spec: {selector: {app: callee}, ports: [{port: 80, targetPort: 8080}]}
                """);
        pods.shell(
                "calls",
                "task",
                "until curl -sf http://web.calls.svc/; do sleep 0.1; done",
                "    restartPolicy: Never\n",
                "");

        Pod caller = pods.over("calls", "task");

        assertThat(pods.log("calls", "task"))
                .isEqualTo("callee " + caller.getStatus().getPodIP() + "\n");
    }

    @Test
    void growsADeploymentWhosePodsUseMoreThanTheyShould() {
        cluster.namespace("busy");
        cluster.create(Deployment.class, """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: busy}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      terminationGracePeriodSeconds: 0
                      containers:
                      - {name: app, image: shell, args: ["while :; do sleep 0.01; done"], resources: {requests: {cpu: 2m}}}
                """);
        var web = cluster.client.apps().deployments().inNamespace("busy").withName("web");
        eventually().until(() -> Integer.valueOf(1).equals(web.get().getStatus().getReadyReplicas()));

        var measured = cluster.client.top().pods().inNamespace("busy").metrics().getItems();
        assertThat(measured).hasSize(1);
        var usage = measured.getFirst().getContainers().getFirst().getUsage();
        assertThat(usage)
                .hasEntrySatisfying(
                        "cpu",
                        cpu -> assertThat(cpu.getNumericalAmount())
                                .isBetween(new BigDecimal("0.002"), new BigDecimal("2")));
        assertThat(usage)
                .hasEntrySatisfying(
                        "memory",
                        memory -> assertThat(memory.getNumericalAmount()).isGreaterThan(new BigDecimal(100_000)));
        cluster.create(HorizontalPodAutoscaler.class, """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: web, namespace: busy}
                spec:
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                  maxReplicas: 2
                  metrics:
                  - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}
                """);

        eventually().until(() -> web.get().getSpec().getReplicas() == 2);
        eventually()
                .untilAsserted(() -> assertThat(cluster.events("busy", "SuccessfulRescale"))
                        .containsExactly("New size: 2; reason: cpu resource utilization (percentage of request) above"
                                + " target"));
        web.delete();
    }

    @Test
    void asksACommandHowItIsByAnother() {
        cluster.namespace("exec");
        pods.shell("exec", "web", "sleep 1000", "", """
                        readinessProbe: {exec: {command: [sh, -c, "cat ready || exit 1"]}, periodSeconds: 1}
                        lifecycle: {preStop: {exec: {command: [sh, -c, "echo stopped > $OUT"]}}}
                        env: [{name: OUT, value: %s}]
                """.formatted(directory.resolve("stopped")));
        eventually()
                .until(() -> cluster.events("exec", "Unhealthy").stream()
                        .anyMatch(message -> message.startsWith("Readiness probe failed: cat: ready: No such file")));
        Pod pod = cluster.pod("exec", "web");
        Path own = pods.own(pod);

        write(own.resolve("ready"));
        cluster.readyPod("exec", "web");
        pods.delete("exec", "web");

        assertThat(directory.resolve("stopped")).hasContent("stopped");
    }

    @Test
    void showsMountsAtTheirRealPathsToo() throws Exception {
        assumeTrue(
                succeeds("unshare", "--mount", "true") || succeeds("unshare", "--map-root-user", "--mount", "true"),
                "mount namespaces are not allowed here");
        cluster.namespace("paths");
        cluster.create(
                ConfigMap.class,
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: site, namespace: paths}, data: {a.txt: hello}}");
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: task, namespace: paths}
                spec:
                  restartPolicy: Never
                  containers:
                  - name: app
                    image: shell
                    args:
                    - |
                      cat /no-such-top/site/a.txt /etc/no-such-folder/one.txt; echo
                      cat /var/run/secrets/kubernetes.io/serviceaccount/namespace; echo
                      echo written > /no-such-top/data/new; cat $TMPDIR/../no-such-top/data/new; id -u
                    volumeMounts:
                    - {name: data, mountPath: /no-such-top/data}
                    - {name: site, mountPath: /no-such-top/site}
                    - {name: site, mountPath: /etc/no-such-folder/one.txt, subPath: a.txt}
                  volumes: [{name: site, configMap: {name: site}}, {name: data, emptyDir: {}}]
                """);

        pods.over("paths", "task");

        assertThat(pods.log("paths", "task").lines().limit(3)).containsExactly("hellohello", "paths", "written");
        assertThat(Path.of("/no-such-top")).doesNotExist();
        assertThat(Path.of("/etc/no-such-folder")).doesNotExist();
    }

    @Test
    void namesAProgramThatListensOnAllAddresses() throws Exception {
        cluster.namespace("everywhere");
        int port = freePort();
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: everywhere}
                spec:
                  containers:
                  - {name: app, image: own, command: ["%s", -m, jdk.httpserver, -b, 0.0.0.0, -p, "%d"]}
                """.formatted(CommandPods.JAVA, port));

        eventually()
                .until(() -> cluster.events("everywhere", "ListensEverywhere").size() == 1);

        String address = cluster.pod("everywhere", "web").getStatus().getPodIP();
        assertThat(cluster.events("everywhere", "ListensEverywhere").getFirst())
                .startsWith("java (process ")
                .contains("takes that port from all other Pods (expected: " + address + ":" + port);
    }

    @Test
    void writesNothingOutsideOfThePodsFolder() throws Exception {
        cluster.namespace("outside");
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: outside}
                spec:
                  initContainers:
                  - {name: trap, image: shell, args: ["ln -s %s data/link"], volumeMounts: [{name: data, mountPath: /data}]}
                  containers:
                  - {name: app, image: shell, args: ["true"], volumeMounts: [{name: data, mountPath: /x, subPath: link/new}]}
                  volumes: [{name: data, emptyDir: {}}]
                """.formatted(elsewhere));

        eventually()
                .until(() -> cluster.events("outside", "Failed").stream()
                        .anyMatch(message -> message.contains("leads out of the Pod's own folder")));

        assertThat(elsewhere).isEmptyDirectory();
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "yes");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private static String get(String url) throws IOException {
        var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setConnectTimeout(2_000);
        connection.setReadTimeout(5_000);
        try (var body = connection.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
