package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
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

    @SuppressWarnings("NullAway.Init")
    private HttpServer gate;

    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @SuppressWarnings("NullAway.Init")
    private Chromium browser;

    @SuppressWarnings("NullAway.Init")
    private Inspection inspection;

    @SuppressWarnings("NullAway.Init")
    private Canary podinfo;

    @SuppressWarnings("NullAway.Init")
    private Users users;

    @BeforeAll
    void startsTheClusterAndABrowser() throws Exception {
        Kubectl.needed();
        browser = Chromium.start();
        inspection = new Inspection(browser);
        gate = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        gate.createContext("/", exchange -> {
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
        });
        gate.start();
        cluster = Cluster.start();
        podinfo = new Canary(cluster, "test", "podinfo");
    }

    @AfterAll
    void stopsThem() throws Exception {
        if (users != null) {
            users.close();
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
        browser.language("zh-CN,zh");
        browser.open(cluster.consoleLink());
        browser.awaitText("还没有发布");
        browser.language("en");
        browser.open(console("/releases?lang=en"));
        browser.awaitText("There are no releases yet.");
        inspection.assertFit("releases-empty");
    }

    @Test
    @Order(2)
    void aReleaseAppearsByItself() throws Exception {
        cluster.apply(Linnet.run("sample", "podinfo").out());
        cluster.apply(MANIFESTS.formatted(gate.getAddress().getPort()));
        browser.awaitText("podinfo");
        podinfo.awaitPhase("Initialized", PATIENCE);
        browser.awaitText("Initialized");
        users = new Users(cluster.gateway(), HOST, 60);
    }

    @Test
    @Order(3)
    void aReleaseIsWatchedUntilItWaitsAndItsGateIsOpenedByAClick() throws Exception {
        browser.open(console("/release/test/podinfo"));
        browser.awaitText("Initialized");
        podinfo.setImage("podinfod", "stefanprodan/podinfo:3.1.1");

        browser.awaitText("Progressing");
        browser.awaitText("Advance podinfo.test canary weight 25");
        browser.await("document.querySelectorAll('.uplot').length === 3");
        browser.awaitText("Waiting for promotion");
        browser.awaitText("Waits for a person");
        browser.await("document.querySelector('.only-new')?.innerText.includes('stefanprodan/podinfo:3.1.1')");
        inspection.assertFit("release");

        browser.click("#do-approve");
        browser.awaitText("Opens the gate that test/podinfo waits for");
        assertThat(browser.evaluate("document.querySelector('#dialog').open").asBoolean())
                .isTrue();
        inspection.assertFit("confirm");
        browser.click("#dialog button[type=submit]");
        browser.awaitText("Asked for: Open gate");
        browser.awaitText("Succeeded");
        browser.awaitText("Promotion completed! Scaling down podinfo.test");
        browser.awaitText("Approve asked for by");
    }

    @Test
    @Order(4)
    void aRollbackIsWatched() throws Exception {
        try (Users _ = new Users(cluster.gateway(), "/status/500", HOST, 40)) {
            podinfo.setImage("podinfod", "stefanprodan/podinfo:3.1.2");
            browser.awaitText("Rolling back podinfo.test");
            browser.awaitText("Canary failed! Scaling down podinfo.test");
            browser.await("document.querySelector('#do-retry')");
        }
    }

    @Test
    @Order(5)
    void aReleaseIsAbortedByAClickAndTheListKnowsAtOnce() throws Exception {
        podinfo.awaitPhase("Failed", PATIENCE);
        podinfo.setImage("podinfod", "stefanprodan/podinfo:3.1.3");
        browser.awaitText("Progressing");
        browser.click("#do-abort");
        browser.click("#dialog button.danger");
        browser.awaitText("aborted by");
        browser.open(console("/releases"));
        browser.awaitText("Failed");
        inspection.assertFit("releases");
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
        inspection.assertFit("history");
        browser.click("tbody th a");
        browser.awaitText("Run 3 of podinfo");
        inspection.assertFit("run");
    }

    @Test
    @Order(7)
    void routesAndTrafficAreShownAndARequestIsExplained() throws Exception {
        browser.open(console("/routes"));
        browser.awaitText("test/podinfo-canary");
        inspection.assertFit("routes");
        browser.open(console("/graph"));
        browser.await("document.querySelectorAll('.g-node').length >= 2 && document.querySelector('.g-edge')");
        browser.evaluate("document.querySelector('.g-node:last-of-type').dispatchEvent(new Event('click'))");
        browser.await("document.querySelector('#detail dl')");
        assertThat(browser.text()).doesNotContain("No requests in this window.");
        inspection.assertFit("graph");
        browser.open(console("/explain"));
        browser.type("#url", "http://app.example.com/");
        browser.click("form button.primary");
        browser.awaitText("It goes to test/podinfo:");
        inspection.assertFit("explain");
    }

    @Test
    @Order(8)
    void theLanguageIsSwitchedAndKept() throws Exception {
        browser.click("a[hreflang=zh]");
        browser.awaitText("解释一个请求");
        browser.open(console("/releases"));
        browser.awaitText("失败");
        inspection.assertFit("releases-zh");
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

    @Test
    @Order(10)
    void aConnectionThatDiedSilentlyIsNoticedAndReplaced() throws Exception {
        try (Relay network = new Relay(cluster.address("console"))) {
            browser.open("http://" + network.address() + "/releases");
            browser.awaitText("Failed");
            network.fallSilent();
            browser.awaitText("The connection is lost.");
            network.speakAgain();
            browser.awaitText("Connected again.");
        }
        browser.forgetComplaints(); // the browser's own, of the connection
    }

    private String console(String path) {
        return "http://" + cluster.address("console") + path;
    }
}
