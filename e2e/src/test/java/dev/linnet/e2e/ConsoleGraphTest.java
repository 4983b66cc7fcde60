package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Who calls whom, as a person sees it in a browser: while a mesh is led from version to version, and of a large system. */
@EnabledIfSystemProperty(named = "linnet.all", matches = "true")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ConsoleGraphTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HOST = "frontend.istio-test";
    private static final int CALLS = 40;

    /** Waits before the end, for a gate that never answers. */
    private static final String GATED = """
            stepWeights: [20, 50]
            webhooks:
            - {name: gate, type: confirm-promotion, url: "http://127.0.0.1:9/"}
            """;

    private static final String EDGES =
            "[...document.querySelectorAll('.g-edge')].map(edge => edge.getAttribute('aria-label') + ' / ' + edge.querySelector('text').textContent)";
    private static final String NODES =
            "[...document.querySelectorAll('.g-node')].map(node => node.getAttribute('transform')).join()";

    /** Frames of five seconds, and how long each news of that time took, layout and all. */
    private static final String WATCHED = """
            new Promise(done => {
              const frames = [], news = [];
              let begin = 0, last = performance.now();
              const end = last + 5000;
              addEventListener('linnet:graph', () => { begin = performance.now(); }, {capture: true});
              document.addEventListener('linnet:graph', () => { document.body.getBoundingClientRect(); news.push(performance.now() - begin); });
              const frame = now => {
                frames.push(now - last);
                last = now;
                if (now < end) requestAnimationFrame(frame);
                else {
                  frames.sort((a, b) => a - b);
                  done({news: news.length, newsMillis: Math.max(...news), frames: frames.length,
                    median: frames[frames.length >> 1], p99: frames[Math.floor(frames.length * 0.99)], longest: frames[frames.length - 1]});
                }
              };
              requestAnimationFrame(frame);
            })""";

    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @SuppressWarnings("NullAway.Init")
    private Chromium browser;

    @SuppressWarnings("NullAway.Init")
    private Inspection inspection;

    @SuppressWarnings("NullAway.Init")
    private Users users;

    @BeforeAll
    void startsTheMeshAndABrowser() throws Exception {
        Kubectl.needed();
        browser = Chromium.start();
        inspection = new Inspection(browser);
        cluster = Cluster.start();
        cluster.applyMeshSample();
        // Connections that were opened before stay at the Pods.
        cluster.kubectl("wait", "--for=condition=linnet.dev/mesh", "svc/backend", "svc/frontend", "--timeout=60s");
        users = new Users(cluster.gateway(), HOST, 40);
        browser.open(cluster.consoleLink());
    }

    @AfterAll
    void stopsThem() throws Exception {
        if (users != null) {
            users.close();
        }
        if (browser != null) {
            browser.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void theMeshIsDrawnFromTheWayInToTheBackend() {
        browser.open(console("/graph?window=30&lang=en"));

        awaitEdge("outside → frontend-v1");
        awaitEdge("frontend-v1 → backend-v1");
        assertThat(edges()).noneMatch(edge -> edge.contains("backend-v2"));
    }

    @Test
    @Order(2)
    void aShiftOfWeightsIsSeenAsItComesAndNothingJumps() {
        browser.evaluate("document.getElementById('labels').value = 'share';"
                + "document.getElementById('labels').dispatchEvent(new Event('change', {bubbles: true}))");
        cluster.apply(MeshRules.everybody(50, 50));

        awaitEdge("frontend-v1 → backend-v2");
        String before = browser.evaluate(NODES).asText();
        browser.await(EDGES
                + ".some(edge => edge.includes('→ backend-v2') && Number.parseFloat(edge.split(' / ')[1]) >= 20)");
        assertThat(browser.evaluate(NODES).asText()).isEqualTo(before);
    }

    @Test
    @Order(3)
    void theSecondFrontendIsSeenToCallTheSecondBackendOnly() throws Exception {
        cluster.apply(MeshRules.secondToSecond());
        cluster.apply(MeshRules.FRONTEND);

        awaitEdge("frontend-v2 → backend-v2");
        await().atMost(PATIENCE)
                .until(() -> edges().stream().noneMatch(edge -> edge.startsWith("frontend-v1 → backend-v2")));
        assertThat(edges()).noneMatch(edge -> edge.startsWith("frontend-v2 → backend-v1"));
        browser.evaluate(
                "[...document.querySelectorAll('.g-node')].find(node => node.textContent.includes('backend-v2')).dispatchEvent(new Event('click'))");
        browser.awaitText("Called by");
        inspection.assertFit("graph-mesh");
        inspection.assertFitInChinese("graph-mesh", "document.querySelectorAll('.g-node').length >= 4");
    }

    @Test
    @Order(4)
    void servicesAreNodesOnDemandAndAllOfItIsThereInChinese() throws Exception {
        browser.open(console("/graph?window=60&services=1&lang=zh"));
        browser.await("document.querySelectorAll('.g-node.service').length >= 2");
        browser.awaitText("流量");
        assertThat(browser.evaluate(
                                "[...document.querySelectorAll('.g-edge .line')].every(line => line.getAttribute('d'))")
                        .asBoolean())
                .isTrue();
        // A chain of five does not fit beside the details unless it runs downwards.
        assertThat(browser.evaluate("document.querySelector('.g-node text').getBoundingClientRect().height")
                        .asDouble())
                .isGreaterThan(11);
        inspection.assertFit("graph-services-zh");
        browser.open(console("/graph?lang=en"));
    }

    @Test
    @Order(5)
    void aReleaseThatIsCalledInsideTheClusterShowsBothVersionsAndTheirWeights() throws Exception {
        cluster.apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: inside, labels: {linnet.dev/mesh: "true"}}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: podinfo, namespace: inside}
                spec:
                  selector: {app: podinfo}
                  ports: [{name: http, port: 80, targetPort: http}]
                """);
        cluster.apply(Provider.ISTIO.inside("inside", GATED));
        Canary podinfo = new Canary(cluster, "inside", "podinfo");
        podinfo.awaitPhase("Initialized", PATIENCE);
        podinfo.kubectl("wait", "--for=condition=linnet.dev/mesh", "svc/podinfo", "--timeout=60s");
        URI service = URI.create("http://" + podinfo.field("svc/podinfo", "{.spec.clusterIP}"));

        try (Users _ = new Users(service, "podinfo", CALLS)) {
            podinfo.setImage("podinfod", "stefanprodan/podinfo:3.1.1");
            browser.open(console("/release/inside/podinfo?lang=en"));
            browser.awaitText("Waiting for promotion");
            // Each call counts once, with whichever version it met.
            browser.await(
                    "(rates => rates.every(rate => rate > 2) && rates[0] + rates[1] < " + 1.5 * CALLS + ")("
                            + "[...document.querySelectorAll('.version')].map(version => Number.parseFloat(version.querySelector('dd').textContent)))");
            inspection.assertFit("release-inside");
            browser.open(console("/graph?window=30&ns=inside&lang=en"));
            browser.await(EDGES + ".filter(edge => edge.includes('Weight 50 %')).length === 2");
            inspection.assertFit("graph-release");
            inspection.assertFitInChinese("graph-release", EDGES + ".some(edge => edge.includes(' 50 %'))");
        }
    }

    @Test
    @Order(6)
    void twoHundredNodesStayWhereTheyAreWhileTheirNumbersMove() throws Exception {
        try (ManyServices many = new ManyServices();
                OwnConsole own = OwnConsole.start(
                        cluster,
                        "--oidc-issuer",
                        "http://127.0.0.1:9",
                        "--url",
                        "http://127.0.0.1:9080",
                        "--gateway",
                        many.url().toString())) {
            look(own);
        }
    }

    @Test
    @Order(7)
    void aGraphThatStaysOpenDoesNotGrow() {
        browser.beforeEachPage(OpenTab.SCRIPT);
        browser.open(console("/graph?window=30&lang=en"));
        browser.await("window.stream && document.querySelector('.g-node')");

        OpenTab.assertDoesNotGrow(browser, OpenTab.GRAPH);
    }

    private void look(OwnConsole own) throws Exception {
        String address = "http://" + own.address();
        browser.open(address + "/login?lang=en");
        browser.awaitText("Sign in with 127.0.0.1");
        inspection.assertFit("login");
        inspection.assertFitInChinese("login", "document.querySelector('form')");
        browser.size(1440, 900, false);
        browser.open(own.link());
        browser.allowMotion();
        browser.open(address + "/graph?ns=&lang=en");
        // The frontends of the mesh are there, too.
        browser.await("document.querySelectorAll('.g-node').length >= " + ManyServices.WORKLOADS);
        String places = browser.evaluate(NODES).asText();
        String edges = browser.evaluate(EDGES + ".join()").asText();

        JsonNode seen = browser.evaluate(WATCHED);

        inspection.note("graph-200.json", seen);
        assertThat(seen.path("news").asInt()).isPositive();
        assertThat(browser.evaluate(EDGES + ".join()").asText()).isNotEqualTo(edges);
        assertThat(browser.evaluate(NODES).asText()).isEqualTo(places);
        browser.evaluate("document.querySelector('.g-node').dispatchEvent(new Event('click'))");
        browser.await("document.querySelector('#detail dl')");
        inspection.assertFit("graph-200");
    }

    private void awaitEdge(String words) {
        await().atMost(PATIENCE).until(() -> edges().stream().anyMatch(edge -> edge.startsWith(words)));
    }

    private List<String> edges() {
        List<String> edges = new ArrayList<>();
        browser.evaluate(EDGES).forEach(edge -> edges.add(edge.asText()));
        return edges;
    }

    private String console(String path) {
        return "http://" + cluster.address("console") + path;
    }
}
