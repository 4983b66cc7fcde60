package dev.linnet.machine.node;

import static dev.linnet.machine.node.LocalCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.machine.Image;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pods that really run, seen through the API and over their addresses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class NodeAgentTest {
    private LocalCluster cluster;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    void start(@TempDir Path directory) {
        cluster = new LocalCluster(directory);
    }

    @AfterAll
    void stop() {
        http.close();
        Instant before = Instant.now();
        cluster.close();
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void registersItsNodesAndKeepsThemAlive() {
        eventually().untilAsserted(() -> {
            Node node = cluster.client.nodes().withName("node-1").require();
            assertThat(node.getMetadata().getLabels())
                    .containsEntry("kubernetes.io/hostname", "node-1")
                    .containsEntry("disk", "fast");
            assertThat(node.getStatus().getConditions())
                    .anyMatch(condition -> condition.getType().equals("Ready")
                            && condition.getStatus().equals("True"));
            assertThat(cluster.client
                            .leases()
                            .inNamespace("kube-node-lease")
                            .withName("node-2")
                            .require()
                            .getSpec()
                            .getRenewTime())
                    .isNotNull();
        });
    }

    @Test
    void runsAPodOnAnAddressOfItsOwn() throws Exception {
        cluster.namespace("run");
        cluster.create(Pod.class, pod("run", "web", "readinessProbe: {httpGet: {path: /health, port: http}}"));

        Pod pod = cluster.readyPod("run", "web");

        assertThat(pod.getSpec().getNodeName()).startsWith("node-");
        assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
        assertThat(pod.getStatus().getPodIP()).startsWith("127." + cluster.addresses.number() + ".");
        ContainerStatus status = pod.getStatus().getContainerStatuses().getFirst();
        assertThat(status.getState().getRunning().getStartedAt()).isNotEmpty();
        assertThat(status.getStarted()).isTrue();
        assertThat(status.getRestartCount()).isZero();
        assertThat(get(pod, "/")).startsWith("web ");
        eventually().untilAsserted(() -> {
            assertThat(cluster.events("run", "Scheduled")).hasSize(1);
            assertThat(cluster.events("run", "Pulled"))
                    .containsExactly("Container image \"registry:5000/x/echo:1.2\" already present on machine");
            assertThat(cluster.events("run", "Created")).containsExactly("Created container: app");
            assertThat(cluster.events("run", "Started")).containsExactly("Started container app");
        });
    }

    @Test
    void makesAPodReadyFast() {
        cluster.namespace("fast");
        cluster.create(Pod.class, pod("fast", "warm-up", ""));
        cluster.readyPod("fast", "warm-up");

        long begin = System.nanoTime();
        cluster.create(Pod.class, pod("fast", "web", "readinessProbe: {httpGet: {path: /health, port: http}}"));
        cluster.readyPod("fast", "web");

        // Some 60 ms on an idle machine; the bound is for one that is not.
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
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
        eventually().until(() -> waiting("later", "web").equals("ContainerCreating"));

        cluster.create(
                ConfigMap.class,
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: later}, data: {a: b}}");

        cluster.readyPod("later", "web");
    }

    @Test
    void saysWhatToDoAboutAnImageThatItDoesNotHave() {
        cluster.namespace("unknown");
        cluster.create(
                Pod.class, pod("unknown", "web", "").replace("registry:5000/x/echo:1.2", "docker.io/nginx:1.27"));

        eventually().until(() -> waiting("unknown", "web").equals("ErrImagePull"));
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

        eventually().until(() -> waiting("own-command", "web").equals("CommandNotAllowed"));

        String advice = "annotation local.linnet.dev/command.app is obeyed only with: up --allow";
        assertThat(status("own-command", "web").getState().getWaiting().getMessage())
                .isEqualTo(advice);
        eventually()
                .untilAsserted(() -> assertThat(cluster.events("own-command", "Failed"))
                        .containsExactly("Error: CommandNotAllowed: " + advice));
    }

    @Test
    void startsACrashedContainerAgainAndBacksOff() {
        cluster.namespace("crash");
        cluster.create(Pod.class, pod("crash", "web", "env: [{name: EXIT, value: '7'}]"));

        eventually().until(() -> waiting("crash", "web").equals("CrashLoopBackOff"));

        ContainerStatus status = status("crash", "web");
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

        eventually().until(() -> phase("start-error", "web").equals("Failed"));

        assertThat(status("start-error", "web").getState().getTerminated())
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

        eventually().until(() -> phase("job", "task").equals("Succeeded"));

        assertThat(condition(cluster.pod("job", "task"), "Ready").getReason()).isEqualTo("PodCompleted");
    }

    @Test
    void restartsAContainerWhoseLivenessProbeFails() throws Exception {
        cluster.namespace("liveness");
        String probe = "{httpGet: {path: /health, port: 8080}, periodSeconds: 1, failureThreshold: 2}";
        cluster.create(Pod.class, pod("liveness", "web", "livenessProbe: " + probe + ", readinessProbe: " + probe));
        Pod pod = cluster.readyPod("liveness", "web");

        get(pod, "/sicken");

        eventually().until(() -> status("liveness", "web").getRestartCount() == 1);
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
    void movesLowPortsOnlyWhereTheyCannotBeBound() throws Exception {
        cluster.namespace("low");
        cluster.create(
                Pod.class,
                pod("low", "web", "env: [{name: PORT, value: '80'}]")
                        .replace("containerPort: 8080", "containerPort: 80"));

        Pod pod = cluster.readyPod("low", "web");

        int real = cluster.addresses.lowPorts().realPort(80);
        assertThat(get("http://" + pod.getStatus().getPodIP() + ":" + real + "/"))
                .startsWith("web ");
        assertThat(Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.<String, String>of())
                        .get("local.linnet.dev/ports"))
                .isEqualTo(real == 80 ? null : "80=20080");
    }

    @Test
    void followsALogUntilTheContainerEnds() throws Exception {
        cluster.namespace("logs");
        cluster.create(Pod.class, pod("logs", "web", ""));
        Pod pod = cluster.readyPod("logs", "web");

        try (LogWatch watch = cluster.client
                        .pods()
                        .inNamespace("logs")
                        .withName("web")
                        .watchLog();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(watch.getOutput(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("hello from web");
            get(pod, "/one");
            assertThat(lines.readLine()).isEqualTo("GET /one");
            cluster.client.pods().inNamespace("logs").withName("web").delete();
            assertThat(lines.readLine()).isEqualTo("goodbye");
            assertThat(lines.readLine()).isNull();
        }
    }

    @Test
    void showsLogsToNobodyButTheApiServer() throws Exception {
        Node node = cluster.client.nodes().withName("node-1").require();
        String base = "http://" + node.getStatus().getAddresses().getFirst().getAddress() + ":"
                + node.getStatus().getDaemonEndpoints().getKubeletEndpoint().getPort();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/containerLogs/x/y/z"));

        assertThat(statusOf(request.build())).isEqualTo(401);
        assertThat(statusOf(
                        request.copy().header("Authorization", "Bearer wrong").build()))
                .isEqualTo(401);
        assertThat(statusOf(request.copy()
                        .header("Authorization", "Bearer " + LocalCluster.TOKEN)
                        .header("Origin", "https://example.com")
                        .build()))
                .isEqualTo(403);
        assertThat(statusOf(request.copy()
                        .header("Authorization", "Bearer " + LocalCluster.TOKEN)
                        .build()))
                .isEqualTo(404);
    }

    @Test
    void carriesRequestsToServicesAndShowsTheCallersPod() throws Exception {
        cluster.namespace("service");
        cluster.create(Deployment.class, deployment("service", 3));
        cluster.create(Service.class, """
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: service}
                spec: {type: NodePort, selector: {app: web}, ports: [{name: http, port: 8000, targetPort: http}]}
                """);
        Service service =
                cluster.client.services().inNamespace("service").withName("web").require();
        String url = "http://" + service.getSpec().getClusterIP() + ":8000/";

        eventually()
                .until(() -> IntStream.range(0, 12)
                                .mapToObj(_ -> tryToGet(url).orElse("nobody "))
                                .map(answer -> answer.substring(0, answer.indexOf(' ')))
                                .distinct()
                                .count()
                        == 3);

        int nodePort = service.getSpec().getPorts().getFirst().getNodePort();
        assertThat(get("http://127.0.0.1:" + nodePort + "/")).startsWith("web-");
        InetAddress caller = cluster.addresses.pods().take();
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(caller, 0));
            socket.connect(new InetSocketAddress(service.getSpec().getClusterIP(), 8000), 1_000);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith(" " + caller.getHostAddress());
        }
    }

    @Test
    void losesNoRequestWhilePodsAreReplaced() throws Exception {
        cluster.namespace("rolling");
        cluster.create(Deployment.class, deployment("rolling", 2));
        cluster.create(
                Service.class,
                "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: rolling}, spec: {selector: {app: web}, ports: [{port: 8000, targetPort: 8080}]}}");
        String url = "http://"
                + cluster.client
                        .services()
                        .inNamespace("rolling")
                        .withName("web")
                        .require()
                        .getSpec()
                        .getClusterIP()
                + ":8000/";
        eventually().until(() -> tryToGet(url).isPresent());
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        List<Thread> callers = IntStream.range(0, 4)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> {
                    while (!done.get()) {
                        // A connection of its own for each request: the strictest caller.
                        (tryToGet(url).isPresent() ? served : failed).incrementAndGet();
                    }
                }))
                .toList();

        List<Pod> before = cluster.client.pods().inNamespace("rolling").list().getItems();
        cluster.client
                .apps()
                .deployments()
                .inNamespace("rolling")
                .withName("web")
                .rolling()
                .restart();
        eventually()
                .until(() -> cluster.client.pods().inNamespace("rolling").list().getItems().stream()
                        .noneMatch(pod -> before.stream()
                                .anyMatch(old -> old.getMetadata()
                                        .getUid()
                                        .equals(pod.getMetadata().getUid()))));
        done.set(true);
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(served.get()).isGreaterThan(20);
        assertThat(failed.get()).isZero();
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

    private static String pod(String namespace, String name, String more) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s}
                spec:
                  containers:
                  - {name: app, image: "registry:5000/x/echo:1.2", ports: [{name: http, containerPort: 8080}], %s}
                """.formatted(name, namespace, more);
    }

    private static String deployment(String namespace, int replicas) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: %s}
                spec:
                  replicas: %d
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      containers:
                      - name: app
                        image: echo
                        ports: [{name: http, containerPort: 8080}]
                        readinessProbe: {httpGet: {path: /health, port: http}}
                """.formatted(namespace, replicas);
    }

    private ContainerStatus status(String namespace, String pod) {
        return cluster.pod(namespace, pod).getStatus().getContainerStatuses().getFirst();
    }

    private String waiting(String namespace, String name) {
        Pod pod = cluster.pod(namespace, name);
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getState().getWaiting() != null)
                .map(status -> status.getState().getWaiting().getReason())
                .findFirst()
                .orElse("");
    }

    private String phase(String namespace, String pod) {
        return cluster.pod(namespace, pod).getStatus().getPhase();
    }

    private static PodCondition condition(Pod pod, String type) {
        return pod.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static String get(Pod pod, String path) throws IOException {
        return get("http://" + pod.getStatus().getPodIP() + ":8080" + path);
    }

    /** Over a connection of its own, so that a Service may choose again. */
    private static String get(String url) throws IOException {
        var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setRequestProperty("Connection", "close");
        connection.setConnectTimeout(2_000);
        connection.setReadTimeout(5_000);
        try (InputStream body = connection.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Optional<String> tryToGet(String url) {
        try {
            return Optional.of(get(url));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private int statusOf(HttpRequest request) throws Exception {
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void refusesContainersThatItDoesNotKnow() {
        cluster.namespace("log-errors");
        cluster.create(Pod.class, pod("log-errors", "web", "").replace("registry:5000/x/echo:1.2", "nginx"));
        eventually().until(() -> waiting("log-errors", "web").equals("ErrImagePull"));

        assertThatThrownBy(() -> cluster.client
                        .pods()
                        .inNamespace("log-errors")
                        .withName("web")
                        .getLog())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("container \"app\" in pod \"web\" is waiting to start: ErrImagePull");
    }
}
