package dev.linnet.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees of releases, and what becomes of what they click. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReleasesTest {
    private static final String MOVING = """
            {"phase": "Progressing", "canaryWeight": 20, "failedChecks": 1, "iterations": 0, "lastTransitionTime": "2026-01-01T00:00:00Z"}
            """;

    @SuppressWarnings("NullAway.Init")
    private World world;

    @BeforeAll
    void opens(@TempDir Path directory) throws Exception {
        world = new World(directory);
        world.canary("test", "shop");
        world.status("test", "shop", MOVING);
        world.run("test", "shop", 1, """
                {"phase": "Failed", "weight": 20, "ending": "Failed checks threshold reached 5", "record": ""}
                """);
        world.run("test", "shop", 2, """
                {"phase": "Progressing", "weight": 20,
                 "metrics": [{"name": "request-success-rate", "at": "2026-01-01T00:00:00Z", "value": 97.5, "min": 99, "verdict": "fail",
                   "why": "Halt shop.test advancement success rate 97.50 too low"}],
                 "record": "{\\"run\\":{\\"number\\":2,\\"log\\":{\\"waitingFor\\":{\\"what\\":\\"GATE\\",\\"text\\":\\"gate may-we\\"}}}}"}
                """);
        world.says("test", "shop", "2-1", "Advance shop.test canary weight 20");
        world.canary("other", "secretive");
        Browser owner = world.owner();
        await().until(() -> owner.get("/releases").body().contains("secretive")
                && owner.get("/release/test/shop").body().contains("gate may-we"));
    }

    @AfterAll
    void closes() {
        world.close();
    }

    @Test
    void listsEachWithItsPhaseWeightStepChecksAndWhatItWaitsFor() {
        assertThat(world.owner().get("/releases").body())
                .contains(">shop</a>", "Progressing", "20 %", "1 / 3", "1 / 5", "gate may-we", "Waits for a person");
    }

    /** The status is written at each check, and its first time with it. */
    @Test
    void saysHowLongAReleaseHasBeenUnderWay() {
        world.canary("test", "aged");
        world.status("test", "aged", """
                {"phase": "Progressing", "canaryWeight": 20, "lastTransitionTime": "2026-01-01T02:00:00Z",
                 "conditions": [{"type": "Promoted", "status": "Unknown", "reason": "Progressing", "lastTransitionTime": "2026-01-01T00:30:00Z"}]}
                """);

        await().untilAsserted(() ->
                assertThat(world.owner().get("/releases?q=aged").body()).contains("datetime=\"2026-01-01T00:30:00Z\""));
    }

    @Test
    void filtersAndSorts() {
        Browser owner = world.owner();

        assertThat(owner.get("/releases?show=running").body())
                .contains(">shop</a>")
                .doesNotContain(">secretive</a>");
        assertThat(owner.get("/releases?q=SECRET").body())
                .contains(">secretive</a>")
                .doesNotContain(">shop</a>");
        assertThat(owner.get("/releases?q=nothing-like-it").body()).contains("No release matches.");
        String byName = owner.get("/releases?sort=name").body();
        assertThat(byName.indexOf(">secretive</a>")).isLessThan(byName.indexOf(">shop</a>"));
        String backwards = owner.get("/releases?sort=name&to=down").body();
        assertThat(backwards.indexOf(">shop</a>")).isLessThan(backwards.indexOf(">secretive</a>"));
    }

    @Test
    void speaksTheBrowsersLanguageAndRemembersTheOneThatWasChosen() {
        Browser owner = world.owner();
        assertThat(owner.with("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5")
                        .get("/releases")
                        .body())
                .contains("lang=\"zh\"", "灰度中");
        assertThat(owner.get("/releases?lang=en").body()).contains("Progressing");
        assertThat(owner.get("/releases").body()).contains("lang=\"en\"", "Progressing");
    }

    @Test
    void showsAChangeAsItHappens() throws Exception {
        world.canary("test", "quick");
        BlockingQueue<String> lines = world.owner().stream("/live/releases?q=quick");
        Browser.await(lines, ">quick</a>");

        world.status("test", "quick", MOVING.replace("20", "40"));
        Browser.await(lines, "40 %");
    }

    @Test
    void givesASignOfLifeWhereNothingChanges() throws Exception {
        BlockingQueue<String> lines = world.owner().stream("/live/releases?q=nothing-like-it");

        Browser.await(lines, "event: alive");
        assertThat(Browser.await(lines, "data: ")).isEqualTo("data: 15000");
        Browser.await(lines, "No release matches.");
        Browser.await(lines, "event: alive");
    }

    @Test
    void showsAReleaseWithItsStepsMetricsTimelineAndPast() {
        assertThat(world.owner().get("/release/test/shop").body())
                .contains("1 of 3 steps", "Advance shop.test canary weight 20", "request-success-rate", "≥ 99 %")
                .contains("97.5 %", "fails", "Halt shop.test advancement success rate 97.50 too low")
                .contains("/run/test/shop-1", "Failed checks threshold reached 5")
                .contains("Open gate", "Promote", "Abort", "Pause")
                .doesNotContain("Retry");
    }

    @Test
    void keepsThePastSearchableAndToBeShared() {
        Browser owner = world.owner();

        assertThat(owner.get("/history?q=threshold").body())
                .contains("/run/test/shop-1")
                .doesNotContain("/run/test/shop-2");
        assertThat(owner.get("/run/test/shop-1").body()).contains("Failed checks threshold reached 5");
        assertThat(owner.get("/run/test/shop-9").statusCode()).isEqualTo(404);
    }

    @Test
    void showsWhatBecomesOfARunAndOfThePast() throws Exception {
        world.canary("test", "story");
        world.run("test", "story", 1, "{\"phase\": \"Progressing\", \"record\": \"\"}");
        Browser owner = world.owner();
        await().until(() -> owner.get("/run/test/story-1").statusCode() == 200);
        BlockingQueue<String> run = owner.stream("/live/run/test/story-1");
        BlockingQueue<String> past = owner.stream("/live/history?q=story");
        Browser.await(run, "Progressing");
        Browser.await(past, "Still running");

        world.run("test", "story", 1, """
                {"phase": "Failed", "ending": "progress deadline exceeded podinfo", "record": ""}
                """);

        Browser.await(run, "progress deadline exceeded podinfo");
        Browser.await(past, "progress deadline exceeded podinfo");
        assertThat(owner.get("/live/run/test/story-9").statusCode()).isEqualTo(404);
    }

    @Test
    void saysWhatAnActionDoesAndRecordsWhoDidIt() {
        Browser owner = world.owner();

        assertThat(owner.get("/release/test/shop/confirm?do=abort").body())
                .contains("all requests go to the primary", "ann");
        assertThat(owner.post("/release/test/shop/do", Map.of("do", "abort", "key", owner.formKey()))
                        .statusCode())
                .isEqualTo(303);
        assertThat(world.action("test", "shop")).contains("\"do\":\"abort\"", "\"by\":\"ann\"", "\"at\":\"20");
    }

    @Test
    void showsAndAllowsWhatThePersonMay() {
        world.canary("test", "till");
        Browser looker = world.browser();
        looker.post("/login", Map.of("token", world.tokenOf("looker", "linnet-look")));
        Browser steerer = world.browser();
        steerer.post("/login", Map.of("token", world.tokenOf("steerer", "linnet-look", "linnet-steer")));
        await().until(() -> looker.get("/releases").body().contains(">till</a>"));

        assertThat(looker.get("/releases").body()).doesNotContain("secretive");
        assertThat(looker.get("/release/other/secretive").statusCode()).isEqualTo(404);
        assertThat(looker.get("/live/release/other/secretive").statusCode()).isEqualTo(404);
        assertThat(looker.get("/release/test/till").body()).contains("You may look, but not act");
        assertThat(looker.post("/release/test/till/do", Map.of("do", "pause", "key", looker.formKey()))
                        .body())
                .contains("forbidden");
        assertThat(world.action("test", "till")).isEmpty();
        assertThat(looker.get("/routes").body()).contains("You may not read what the gateways tell");

        assertThat(steerer.post("/release/test/till/do", Map.of("do", "pause", "key", steerer.formKey()))
                        .statusCode())
                .isEqualTo(303);
        assertThat(world.action("test", "till")).contains("system:serviceaccount:test:steerer");
    }
}
