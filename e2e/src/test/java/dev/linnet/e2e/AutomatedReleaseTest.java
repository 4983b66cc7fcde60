package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The story of an automated release, with the manifests that its documents show: a person only sets an image. Intervals are shorter than
 * there. The scenes follow each other on one cluster, as they do for a person.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class AutomatedReleaseTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HOST = "app.example.com";
    private static final String INGRESS = """
            apiVersion: networking.k8s.io/v1beta1
            kind: Ingress
            metadata:
              name: podinfo
              namespace: test
              labels:
                app: podinfo
              annotations:
                kubernetes.io/ingress.class: "nginx"
            spec:
              rules:
                - host: app.example.com
                  http:
                    paths:
                      - backend:
                          serviceName: podinfo
                          servicePort: 80
            """;
    private static final String CANARY = """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata:
              name: podinfo
              namespace: test
            spec:
              provider: nginx
              targetRef:
                apiVersion: apps/v1
                kind: Deployment
                name: podinfo
              ingressRef:
                apiVersion: networking.k8s.io/v1beta1
                kind: Ingress
                name: podinfo
              autoscalerRef:
                apiVersion: autoscaling/v2beta1
                kind: HorizontalPodAutoscaler
                name: podinfo
              progressDeadlineSeconds: 60
              service:
                port: 80
                targetPort: 9898
              analysis:
                interval: 2s
                threshold: 2
                maxWeight: 50
                stepWeight: 25
                metrics:
                - name: request-success-rate
                  thresholdRange:
                    min: 99
                  interval: 1m
            """;

    private final List<String> alerts = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private HttpServer slack;

    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @BeforeAll
    void startsTheCluster() throws Exception {
        Kubectl.needed();
        slack = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        slack.createContext("/", exchange -> {
            alerts.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        slack.start();
        cluster = Cluster.start(
                "--controller-args",
                "-slack-url=http://127.0.0.1:" + slack.getAddress().getPort() + "/hook");
    }

    @AfterAll
    void stopsTheCluster() throws Exception {
        slack.stop(0);
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void aCanaryTakesItsTargetOverWithoutBeingAsked() throws Exception {
        cluster.apply(Linnet.run("sample", "podinfo").out());
        cluster.apply(INGRESS);
        cluster.apply(CANARY);

        awaitPhase("Initialized");
        assertThat(cluster.kubectl("-n", "test", "get", "deploy,svc,ing", "-o", "name")
                        .lines())
                .contains(
                        "deployment.apps/podinfo-primary",
                        "service/podinfo-primary",
                        "service/podinfo-canary",
                        "ingress.networking.k8s.io/podinfo-canary");
        assertThat(replicas("podinfo")).isEqualTo("0");
        assertThat(replicas("podinfo-primary")).isEqualTo("2");
        assertThat(cluster.kubectl("-n", "test", "get", "hpa", "podinfo-primary", "-o", "name"))
                .contains("podinfo-primary");
        assertThat(cluster.kubectl("-n", "test", "get", "canary", "podinfo"))
                .containsPattern("NAME +STATUS +WEIGHT +LASTTRANSITIONTIME")
                .containsPattern("podinfo +Initialized +0 ");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events()).contains("Initialization done! podinfo.test"));
        new Traffic(cluster.gateway(), HOST).send(50);
    }

    @Test
    @Order(2)
    void aGoodVersionIsPromotedStepByStepUnderLoad() throws Exception {
        Map<String, Long> answers = new Traffic(cluster.gateway(), HOST).during(50, () -> {
            setImage("3.1.1");
            awaitPhase("Progressing");
            return awaitPhase("Succeeded");
        });

        assertThat(answers.keySet()).allMatch(answer -> answer.startsWith("{"), "an answer of podinfo");
        assertThat(events())
                .contains(
                        "New revision detected! Scaling up podinfo.test",
                        "Starting canary analysis for podinfo.test",
                        "Advance podinfo.test canary weight 25",
                        "Advance podinfo.test canary weight 50",
                        "Copying podinfo.test template spec to podinfo-primary.test",
                        "Routing all traffic to primary",
                        "Promotion completed! Scaling down podinfo.test");
        assertThat(image("podinfo-primary")).endsWith(":3.1.1");
        assertThat(replicas("podinfo")).isEqualTo("0");
        cluster.kubectl("-n", "test", "wait", "--for=condition=promoted", "canary/podinfo", "--timeout=10s");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(alerts)
                        .anyMatch(alert -> alert.contains("New revision detected, progressing canary analysis.")
                                && alert.contains("Deployment/podinfo.test"))
                        .anyMatch(alert ->
                                alert.contains("Canary analysis completed successfully, promotion finished.")));
    }

    @Test
    @Order(3)
    void aVersionThatFailsRequestsIsTakenBack() throws Exception {
        setImage("3.1.2");
        Traffic failing = Traffic.to(cluster.gateway(), "/status/500", HOST);
        awaitPhase("Progressing");
        await().atMost(PATIENCE).until(() -> {
            failing.send(20);
            return phase().equals("Failed");
        });

        assertThat(events()).contains("Canary failed! Scaling down podinfo.test");
        assertThat(image("podinfo-primary")).endsWith(":3.1.1");
        assertThat(replicas("podinfo")).isEqualTo("0");
        assertThat(cluster.kubectl("-n", "test", "get", "canary", "podinfo")).containsPattern("podinfo +Failed +0 ");
        assertThat(cluster.kubectl(
                        "-n",
                        "test",
                        "get",
                        "ingress",
                        "podinfo-canary",
                        "-o",
                        "jsonpath={.metadata.annotations.nginx\\.ingress\\.kubernetes\\.io/canary-weight}"))
                .isEqualTo("0");
    }

    private void setImage(String version) throws Exception {
        cluster.kubectl("-n", "test", "set", "image", "deployment/podinfo", "podinfod=stefanprodan/podinfo:" + version);
    }

    private String awaitPhase(String phase) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> phase().equals(phase));
        return phase;
    }

    private String phase() throws Exception {
        return cluster.kubectl("-n", "test", "get", "canary", "podinfo", "-o", "jsonpath={.status.phase}");
    }

    private String replicas(String deployment) throws Exception {
        return cluster.kubectl("-n", "test", "get", "deploy", deployment, "-o", "jsonpath={.spec.replicas}");
    }

    private String image(String deployment) throws Exception {
        return cluster.kubectl(
                "-n", "test", "get", "deploy", deployment, "-o", "jsonpath={.spec.template.spec.containers[0].image}");
    }

    private String events() throws Exception {
        return cluster.kubectl(
                "-n",
                "test",
                "get",
                "events",
                "--field-selector=involvedObject.kind=Canary",
                "--sort-by=.metadata.creationTimestamp",
                "-o",
                "jsonpath={range .items[*]}{.message}{\"\\n\"}{end}");
    }
}
