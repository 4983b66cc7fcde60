package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Releases as a person sees them in a browser, with a hand on them. The scenes follow each other on one cluster. Each page is also looked at by axe,
 * and by the browser's own eyes: no script fails, nothing breaks the pages' policy. With {@code -Dlinnet.pictures=DIR} it takes pictures.
 */
@EnabledIfSystemProperty(named = "linnet.all", matches = "true")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ConsoleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HOST = "app.example.com";

    @SuppressWarnings("InlineFormatString") // manifests are easier to read by themselves
    private static final String MANIFESTS = """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: podinfo, namespace: test}
            spec:
              ingressClassName: nginx
              rules:
                - host: app.example.com
                  http:
                    paths:
                      - {path: /, pathType: Prefix, backend: {service: {name: podinfo, port: {number: 80}}}}
            ---
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo, namespace: test}
            spec:
              provider: nginx
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              ingressRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: podinfo}
              progressDeadlineSeconds: 60
              service: {port: 80, targetPort: 9898}
              analysis:
                interval: 2s
                threshold: 3
                maxWeight: 50
                stepWeight: 25
                metrics:
                  - {name: request-success-rate, thresholdRange: {min: 99}, interval: 1m}
                  - {name: request-duration, thresholdRange: {max: 500}, interval: 1m}
                webhooks:
                  - {name: may-we, type: confirm-promotion, url: "http://127.0.0.1:%d/"}
            """;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean failing = new AtomicBoolean();

    @SuppressWarnings("NullAway.Init")
    private HttpServer gate;

    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @SuppressWarnings("NullAway.Init")
    private Chromium browser;

    @SuppressWarnings("NullAway.Init")
    private Thread load;

    @BeforeAll
    void startsTheClusterAndABrowser() throws Exception {
        Kubectl.needed();
        browser = Chromium.start();
        gate = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        gate.createContext("/", exchange -> {
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
        });
        gate.start();
        cluster = Cluster.start();
    }

    @AfterAll
    void stopsThem() throws Exception {
        over.set(true);
        if (load != null) {
            load.join(PATIENCE);
        }
        if (browser != null) {
            browser.close();
        }
        if (gate != null) {
            gate.stop(0);
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void theLinkThatUpPrintsOpensTheReleasesInTheBrowsersLanguage() throws Exception {
        String link = cluster.said()
                .lines()
                .filter(line -> line.contains("/login?key="))
                .map(line -> line.substring(line.indexOf("http")).strip())
                .findFirst()
                .orElseThrow();
        browser.language("zh-CN,zh");
        browser.open(link);
        browser.awaitText("还没有发布");
        browser.language("en");
        browser.open(console("/releases?lang=en"));
        browser.awaitText("There are no releases yet.");
        assertFit("releases-empty");
    }

    @Test
    @Order(2)
    void aReleaseAppearsByItself() throws Exception {
        cluster.apply(Linnet.run("sample", "podinfo").out());
        cluster.apply(MANIFESTS.formatted(gate.getAddress().getPort()));
        browser.awaitText("podinfo");
        awaitPhase("Initialized");
        browser.awaitText("Initialized");
        load = Thread.ofVirtual().start(this::send);
    }

    /** A person's few requests a second, of which some fail while a version is bad. */
    private void send() {
        try {
            while (!over.get()) {
                Traffic.to(cluster.gateway(), "/", HOST).send(12);
                if (failing.get()) {
                    Traffic.to(cluster.gateway(), "/status/500", HOST).send(8);
                }
                Thread.sleep(200);
            }
        } catch (Exception e) {
            if (!over.get()) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    @Order(3)
    void aReleaseIsWatchedUntilItWaitsAndItsGateIsOpenedByAClick() throws Exception {
        browser.open(console("/release/test/podinfo"));
        browser.awaitText("Initialized");
        cluster.kubectl("-n", "test", "set", "image", "deployment/podinfo", "podinfod=stefanprodan/podinfo:3.1.1");

        browser.awaitText("Progressing");
        browser.awaitText("Advance podinfo.test canary weight 25");
        browser.await("document.querySelectorAll('.uplot').length === 3");
        browser.awaitText("Waiting for promotion");
        browser.awaitText("Waits for a person");
        browser.await("document.querySelector('.only-new')?.innerText.includes('stefanprodan/podinfo:3.1.1')");
        assertFit("release");

        browser.click("#do-approve");
        browser.awaitText("Opens the gate that test/podinfo waits for");
        assertThat(browser.evaluate("document.querySelector('#dialog').open").asBoolean())
                .isTrue();
        assertFit("confirm");
        browser.click("#dialog button[type=submit]");
        browser.awaitText("Asked for: Open gate");
        browser.awaitText("Succeeded");
        browser.awaitText("Promotion completed! Scaling down podinfo.test");
        browser.awaitText("Approve asked for by");
    }

    @Test
    @Order(4)
    void aRollbackIsWatched() throws Exception {
        failing.set(true);
        cluster.kubectl("-n", "test", "set", "image", "deployment/podinfo", "podinfod=stefanprodan/podinfo:3.1.2");
        browser.awaitText("Rolling back podinfo.test");
        browser.awaitText("Canary failed! Scaling down podinfo.test");
        browser.await("document.querySelector('#do-retry')");
        failing.set(false);
    }

    @Test
    @Order(5)
    void aReleaseIsAbortedByAClickAndTheListKnowsAtOnce() throws Exception {
        awaitPhase("Failed");
        cluster.kubectl("-n", "test", "set", "image", "deployment/podinfo", "podinfod=stefanprodan/podinfo:3.1.3");
        browser.awaitText("Progressing");
        browser.click("#do-abort");
        browser.click("#dialog button.danger");
        browser.awaitText("aborted by");
        browser.open(console("/releases"));
        browser.awaitText("Failed");
        assertFit("releases");
        browser.type("#q", "nothing-like-it");
        browser.awaitText("No release matches.");
        browser.type("#q", "podi");
        browser.awaitText("podinfo");
    }

    @Test
    @Order(6)
    void thePastIsSearchedAndARunShared() throws Exception {
        browser.open(console("/history?q=aborted"));
        browser.awaitText("aborted by");
        assertFit("history");
        browser.click("tbody th a");
        browser.awaitText("Run 3 of podinfo");
        assertFit("run");
    }

    @Test
    @Order(7)
    void routesAndTrafficAreShownAndARequestIsExplained() throws Exception {
        browser.open(console("/routes"));
        browser.awaitText("test/podinfo-canary");
        assertFit("routes");
        browser.open(console("/graph"));
        browser.await("document.querySelectorAll('.g-node').length >= 2 && document.querySelector('.g-edge')");
        browser.evaluate("document.querySelector('.g-node:last-of-type').dispatchEvent(new Event('click'))");
        browser.await("document.querySelector('#detail dl')");
        assertThat(browser.text()).doesNotContain("No requests in this window.");
        assertFit("graph");
        browser.open(console("/explain"));
        browser.type("#url", "http://app.example.com/");
        browser.click("form button.primary");
        browser.awaitText("It goes to test/podinfo:");
        assertFit("explain");
    }

    @Test
    @Order(8)
    void theLanguageIsSwitchedAndKept() throws Exception {
        browser.click("a[hreflang=zh]");
        browser.awaitText("解释一个请求");
        browser.open(console("/releases"));
        browser.awaitText("失败");
        assertFit("releases-zh");
        browser.open(console("/release/test/podinfo?lang=en"));
        browser.awaitText("Timeline");
    }

    @Test
    @Order(9)
    void aLostConnectionIsToldAndRegained() throws Exception {
        browser.open(console("/releases"));
        browser.awaitText("Failed");
        browser.offline(true);
        // What is open stays open there: as somebody who left the page and comes back to it.
        browser.evaluate("dispatchEvent(new Event('pagehide')); dispatchEvent(new Event('pageshow'))");
        browser.awaitText("The connection is lost.");
        browser.offline(false);
        browser.awaitText("Connected again.");
        browser.forgetComplaints(); // the browser's own, of the connection
    }

    private String console(String path) {
        return "http://" + cluster.address("console") + path;
    }

    private void awaitPhase(String phase) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> cluster.kubectl("-n", "test", "get", "canary", "podinfo", "-o", "jsonpath={.status.phase}")
                        .equals(phase));
    }

    /** No script has failed, the policy was kept, nothing runs out of the window, and axe finds nothing serious. */
    private void assertFit(String name) throws Exception {
        assertThat(browser.complaints()).isEmpty();
        pictures(name);
        for (int width : List.of(1440, 390)) {
            browser.size(width, 900, false);
            assertThat(browser.evaluate("document.documentElement.scrollWidth - innerWidth")
                            .asInt())
                    .as(name + " at " + width)
                    .isLessThanOrEqualTo(0);
        }
        for (boolean dark : List.of(false, true)) {
            browser.size(1440, 900, dark);
            assertThat(problems()).as(name + (dark ? ", dark" : ", light")).isEmpty();
        }
    }

    private List<String> problems() throws Exception {
        String resource = "/axe.min.js";
        try (InputStream in = Objects.requireNonNull(ConsoleTest.class.getResourceAsStream(resource), resource)) {
            String axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            browser.evaluate(axe + ";0");
        }
        JsonNode found = browser.evaluate(
                "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}).then(r => r.violations"
                        + ".filter(v => ['serious', 'critical'].includes(v.impact)).map(v => v.id + ': ' + v.nodes.map(n => n.html + n.failureSummary).join(' | ')))");
        List<String> problems = new ArrayList<>();
        found.forEach(problem -> problems.add(problem.asText()));
        return problems;
    }

    private void pictures(String name) throws Exception {
        String folder = System.getProperty("linnet.pictures", "");
        if (folder.isEmpty()) {
            return;
        }
        for (int width : List.of(1440, 1024, 390)) {
            for (boolean dark : List.of(false, true)) {
                browser.size(width, width == 390 ? 844 : 900, dark);
                browser.picture(Path.of(folder, name + "-" + width + (dark ? "-dark" : "") + ".png"));
            }
        }
    }
}
