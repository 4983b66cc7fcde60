package dev.linnet.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and what is refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SecurityTest {
    @SuppressWarnings("NullAway.Init")
    private World world;

    @BeforeAll
    void opens(@TempDir Path directory) throws Exception {
        world = new World(directory);
        world.canary("test", "shop");
    }

    @AfterAll
    void closes() {
        world.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/releases", "/release/test/shop", "/routes", "/explain", "/graph", "/history"})
    void sendsWhoeverIsNotInToTheLogin(String page) {
        HttpResponse<String> answer = world.browser().get(page);

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location").orElse("")).startsWith("/login");
        assertThat(world.browser().get("/live/releases").statusCode()).isEqualTo(401);
    }

    @Test
    void theLinkLetsInOnce() {
        String link = "/login?key=" + world.key();
        Browser first = world.browser();

        assertThat(first.get(link).headers().firstValue("Location")).contains("/releases");
        assertThat(first.get("/releases").statusCode()).isEqualTo(200);
        assertThat(world.browser().get(link).statusCode()).isEqualTo(403);
        assertThat(world.browser().get("/login?key=00").statusCode()).isEqualTo(403);
    }

    @Test
    void aTokenThatIsMeantForSomebodyElseLetsNobodyIn() throws Exception {
        world.tokenOf("carol", "linnet-look");
        String token = world.token("test", "carol", List.of("vault"));

        assertThat(world.browser().post("/login", Map.of("token", token)).statusCode())
                .isEqualTo(403);
    }

    @Test
    void aTokenOfTheClusterLetsItsOwnerInAndNobodyElse() {
        String token = world.tokenOf("bob", "linnet-look");
        Browser bob = world.browser();

        assertThat(bob.post("/login", Map.of("token", token)).statusCode()).isEqualTo(303);
        assertThat(bob.get("/releases").body())
                .contains("system:serviceaccount:test:bob")
                .doesNotContain(token);
        assertThat(world.browser().post("/login", Map.of("token", token + "x")).statusCode())
                .isEqualTo(403);
        assertThat(world.browser().post("/login", Map.of("token", "")).statusCode())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"//evil.example/", "https://evil.example/", "/\\evil.example", "/\tx", "javascript:alert(1)"})
    void leadsNowhereElseAfterTheLogin(String next) {
        String token = world.tokenOf("next" + next.length());

        HttpResponse<String> answer = world.browser().post("/login", Map.of("token", token, "next", next));

        assertThat(answer.headers().firstValue("Location")).contains("/releases");
    }

    @Test
    void cookiesAreNotForScriptsNorForOtherSitesForms() {
        HttpResponse<String> answer = world.browser().get("/login?key=" + world.key());

        assertThat(answer.headers().firstValue("Set-Cookie").orElse(""))
                .contains("HttpOnly")
                .contains("SameSite=Lax");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example"})
    void refusesNamesThatOnlyPointToThisMachine(String host) {
        assertThat(world.owner().with("Host", host).get("/releases").statusCode())
                .isEqualTo(403);
    }

    @Test
    void refusesFormsOfOtherSitesAndForgedOnes() {
        Browser owner = world.owner();
        Map<String, String> form = Map.of("do", "pause", "key", owner.formKey());
        String path = "/release/test/shop/do";

        assertThat(owner.post(path, form, "https://evil.example").statusCode()).isEqualTo(403);
        assertThat(owner.post(path, form, "null").statusCode()).isEqualTo(403);
        assertThat(owner.post(path, form, "").statusCode()).isEqualTo(403);
        assertThat(owner.post(path, Map.of("do", "pause")).statusCode()).isEqualTo(403);
        assertThat(owner.post(path, Map.of("do", "pause", "key", world.owner().formKey()))
                        .statusCode())
                .isEqualTo(403);
        assertThat(world.action("test", "shop")).isEmpty();
        assertThat(owner.with("Sec-Fetch-Site", "cross-site").post(path, form).statusCode())
                .isEqualTo(403);
        assertThat(world.action("test", "shop")).isEmpty();
    }

    @Test
    void otherSitesMayLinkToAPageButReadNothing() {
        Browser owner = world.owner().with("Sec-Fetch-Site", "cross-site");

        assertThat(owner.get("/releases").statusCode()).isEqualTo(403);
        assertThat(owner.get("/live/releases").statusCode()).isEqualTo(403);
        owner.with("Sec-Fetch-Mode", "navigate").with("Sec-Fetch-Dest", "iframe");
        assertThat(owner.get("/releases").statusCode()).isEqualTo(403);
        owner.with("Sec-Fetch-Dest", "document");
        assertThat(owner.get("/releases").statusCode()).isEqualTo(200);
    }

    @Test
    void pagesAllowNothingInlineAndNothingFromElsewhere() {
        HttpResponse<String> page = world.owner().get("/releases");

        // With no-referrer, browsers would send the console's own forms as if they came from elsewhere.
        assertThat(page.headers().firstValue("Referrer-Policy")).contains("same-origin");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        for (String path : List.of("/releases", "/release/test/shop", "/graph", "/routes", "/explain", "/history")) {
            assertThat(world.owner().get(path).body())
                    .as(path)
                    .doesNotContainPattern("<script(?![^>]*src=)")
                    .doesNotContainPattern("\\sstyle=|\\son[a-z]+=|<style|https?://(?!127|app\\.example)");
        }
    }

    @Test
    void sessionsEndByLogoutAndByAge() {
        Browser leaving = world.owner();
        Browser forgotten = world.owner();
        leaving.post("/logout", Map.of("key", leaving.formKey()));
        assertThat(leaving.get("/releases").statusCode()).isEqualTo(303);

        assertThat(forgotten.get("/releases").statusCode()).isEqualTo(200);
        world.passes(Duration.ofHours(9));
        assertThat(forgotten.get("/releases").statusCode()).isEqualTo(303);
    }

    @Test
    void theFirstPageIsSmall() {
        Browser owner = world.owner().with("Accept-Encoding", "gzip");
        String page = world.owner().get("/releases").body();
        long bytes = owner.get("/releases")
                .headers()
                .firstValueAsLong("Content-Length")
                .orElseThrow();
        for (String asset : page.split("\"", -1)) {
            if (asset.startsWith("/assets/")) {
                HttpResponse<String> answer = owner.get(asset);
                assertThat(answer.statusCode()).as(asset).isEqualTo(200);
                bytes += answer.headers().firstValueAsLong("Content-Length").orElseThrow();
            }
        }

        assertThat(bytes).isLessThan(200_000);
    }
}
