package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

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

    /** What moves without having been touched, from now on. */
    private static final String SHIFTS = """
            window.shifts = [];
            new PerformanceObserver(list => list.getEntries().forEach(entry => shifts.push({value: entry.value,
              of: entry.sources.map(source => source.node?.className ?? String(source.node?.textContent).trim().slice(0, 40))})))
              .observe({type: 'layout-shift', buffered: true});0""";

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
        inspection.note("first-visitor.json", FirstPage.of(browser));
        browser.language("en");
        browser.open(console("/releases?lang=en"));
        browser.awaitText("There are no releases yet.");
        inspection.assertFit("releases-empty");
        browser.open(console("/release/test/nobody"));
        browser.awaitText("nobody");
        browser.forgetComplaints(); // the browser's own, of the status
        inspection.assertFit("missing");
        browser.open(console("/graph"));
        browser.awaitText("No requests in this window.");
        inspection.assertFit("graph-empty");
        browser.open(console("/releases"));
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
        browser.evaluate(SHIFTS);
        podinfo.setImage("podinfod", "stefanprodan/podinfo:3.1.1");

        browser.awaitText("Progressing");
        browser.awaitText("Advance podinfo.test canary weight 25");
        browser.await("document.querySelectorAll('.uplot').length === 3");
        browser.awaitText("Waiting for promotion");
        browser.awaitText("Waits for a person");
        browser.await("document.querySelector('.only-new')?.innerText.includes('stefanprodan/podinfo:3.1.1')");
        inspection.note("shifts.json", browser.evaluate("shifts"));
        inspection.assertFit("release");
        inspection.assertFitInChinese("release", "document.querySelectorAll('.uplot').length === 3");

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
            browser.awaitText("failed checks threshold reached 3");
            inspection.assertFit("release-failed");
            inspection.assertFitInChinese("release-failed", "document.querySelectorAll('.uplot').length === 3");
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
        inspection.assertFitInChinese("releases", "document.querySelector('tr.go')");
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
        inspection.assertFitInChinese("history", "document.querySelector('tr.go')");
        browser.click("tbody th a");
        browser.awaitText("Run 3 of podinfo");
        inspection.assertFit("run");
        inspection.assertFitInChinese("run", "document.querySelector('.timeline')");
    }

    @Test
    @Order(7)
    void routesAndTrafficAreShownAndARequestIsExplained() throws Exception {
        browser.open(console("/routes"));
        browser.awaitText("test/podinfo-canary");
        browser.await(
                "!document.querySelector('.bad-text')"); // no request goes to the canary, so nobody misses its Pods
        inspection.assertFit("routes");
        inspection.assertFitInChinese("routes", "document.querySelector('.host')");
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
        inspection.assertFitInChinese(
                "explain",
                "document.querySelector('.answer') && (document.documentElement.lang === 'en' || [...document.querySelectorAll('.steps li, .others dd')].every(said => /[\\u4e00-\\u9fff]/.test(said.textContent)))");
    }

    @Test
    @Order(8)
    void theLanguageIsSwitchedAndKept() throws Exception {
        browser.click("a[hreflang=zh]");
        browser.awaitText("解释一个请求");
        browser.open(console("/releases"));
        browser.awaitText("失败");
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
        inspection.pictures("lost");
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

    /** Nobody's session outlives the console. */
    @Test
    @Order(11)
    void aServerThatComesBackAsksWhoOneIsAndLeadsBackToThePage() throws Exception {
        cluster.kubectl("create", "serviceaccount", "ann", "-n", "test");
        cluster.kubectl(
                "create", "clusterrolebinding", "ann", "--clusterrole=linnet-look", "--serviceaccount=test:ann");
        OwnConsole first = OwnConsole.start(cluster);
        try (first;
                Relay network = new Relay(first.address())) {
            browser.open(first.link().replace(first.address(), network.address()));
            browser.open("http://" + network.address() + "/release/test/podinfo?lang=en");
            browser.awaitText("Timeline");

            first.close();
            browser.awaitText("The connection is lost.");
            try (OwnConsole second = OwnConsole.start(cluster)) {
                network.leadsTo(second.address());
                browser.awaitText("A token of the cluster");
                browser.type(
                        "#token",
                        cluster.kubectl("create", "token", "ann", "-n", "test").strip());
                browser.click("main button[type=submit]");
                browser.awaitText("Timeline");
                browser.awaitText("You may look, but not act");
            }
        }
        browser.forgetComplaints(); // the browser's own, of the connection
    }

    @Test
    @Order(12)
    void aKeyboardIsEnough() {
        browser.open(console("/releases"));
        browser.await("document.querySelector('tr.go')");
        browser.press("Tab");
        assertThat(focused()).isEqualTo("skip");
        browser.press("/");
        assertThat(focused()).isEqualTo("q");

        browser.open(console("/release/test/podinfo"));
        browser.await("document.querySelector('#do-retry')");
        browser.evaluate("document.querySelector('#do-retry').focus()");
        browser.press("Enter");
        browser.await(
                "document.querySelector('#dialog').open && document.querySelector('#dialog').contains(document.activeElement)");
        browser.evaluate("document.querySelector('[data-part=Head]').innerHTML += ''");
        browser.press("Escape");
        browser.await("!document.querySelector('#dialog').open && document.activeElement.id === 'do-retry'");

        browser.open(console("/graph"));
        browser.await("document.querySelector('.g-node')");
        browser.evaluate("document.querySelector('.g-node').focus()");
        browser.press("Enter");
        browser.await("document.querySelector('#detail dl')");
    }

    private String focused() {
        return browser.evaluate("document.activeElement.id || document.activeElement.className")
                .asText();
    }

    @Test
    @Order(13)
    void aTabThatStaysOpenDoesNotGrow() {
        browser.beforeEachPage(OpenTab.SCRIPT);
        browser.open(console("/release/test/podinfo"));
        browser.await("document.querySelector('.timeline')");

        OpenTab.assertDoesNotGrow(browser, OpenTab.RELEASE);
    }

    @Test
    @Order(14)
    void theCommandOpensTheConsoleInABrowserWhereItsFirstPageIsSmall(@TempDir Path directory) throws Exception {
        Path opened = directory.resolve("opened");
        Path program = Files.writeString(directory.resolve("xdg-open"), "#!/bin/sh\necho \"$1\" > " + opened + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Program.run(
                        Linnet.command("console", "--open"),
                        Map.of(
                                "KUBECONFIG",
                                cluster.kubeconfig().toString(),
                                "PATH",
                                directory + ":" + System.getenv("PATH")),
                        "")
                .ok();
        await().atMost(PATIENCE).until(() -> Files.exists(opened) && Files.size(opened) > 0);

        try (Chromium other = Chromium.start()) {
            other.open(Files.readString(opened).strip());
            other.awaitText("podinfo");
            other.forgetCache();
            JsonNode pages = FirstPage.again(other, console("/releases"));

            inspection.note("first-page.json", pages);
            pages.forEach(page -> assertThat(page.path("bytes").asLong()).isBetween(1L, 200_000L));
        }
    }

    private String console(String path) {
        return "http://" + cluster.address("console") + path;
    }
}
