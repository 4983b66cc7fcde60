package dev.linnet.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.console.OidcServer.Trick;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in with a provider that the API trusts, too. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OidcTest {
    @SuppressWarnings("NullAway.Init")
    private World world;

    @BeforeAll
    void opens(@TempDir Path directory) throws Exception {
        world = World.withProvider(directory);
        world.canary("test", "shop");
        world.canary("other", "secretive");
        world.apply("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: ann, namespace: test}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: linnet-look}
                subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: "oidc:ann@example.com"}]
                """);
        Browser owner = world.owner();
        await().until(() -> owner.get("/releases").body().contains("secretive"));
    }

    @AfterAll
    void closes() {
        world.close();
    }

    @AfterEach
    void isHonestAgain() {
        world.provider().plays(Trick.NONE);
        world.provider().renews(false);
        world.provider().signsWith("RS256");
        world.api().trusts(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256"})
    void somebodyComesInWithTheirOwnRightsAndNoOthers(String algorithm) {
        world.provider().signsWith(algorithm);
        Browser ann = world.browser();

        assertThat(ann.get("/login").body()).contains("Sign in with 127.0.0.1", "/login/oidc?next=");
        HttpResponse<String> in = signIn(ann, "/login/oidc?next=/history");

        assertThat(in.statusCode()).isEqualTo(303);
        assertThat(in.headers().firstValue("Location")).contains("/history");
        await().until(() -> ann.get("/releases").body().contains(">shop</a>"));
        assertThat(ann.get("/releases").body())
                .contains("oidc:ann@example.com")
                .doesNotContain("secretive")
                .doesNotContain("eyJ");
        assertThat(ann.post("/release/test/shop/do", Map.of("do", "pause", "key", ann.formKey()))
                        .body())
                .contains("forbidden");
        assertThat(world.action("test", "shop")).isEmpty();
    }

    @Test
    void browsersThatComeBackFromTheProviderAreLetIn() {
        Browser ann = world.browser();
        String back = backFromTheProvider(ann, "/login/oidc");
        ann.with("Sec-Fetch-Site", "cross-site")
                .with("Sec-Fetch-Mode", "navigate")
                .with("Sec-Fetch-Dest", "document");

        assertThat(ann.get(back).statusCode()).isEqualTo(303);
    }

    @Test
    void aLoginGoesOnInTheBrowserThatBeganItAndOnlyOnce() {
        Browser ann = world.browser();
        String back = backFromTheProvider(ann, "/login/oidc");

        assertThat(world.browser().get(back).statusCode()).isEqualTo(403);
        assertThat(ann.get(back).statusCode()).isEqualTo(303);
        assertThat(ann.get(back).statusCode()).isEqualTo(403);
        assertThat(ann.get("/login/oidc/return?code=x&state=").statusCode()).isEqualTo(403);
    }

    @Test
    void aLoginThatTookTooLongIsForgotten() {
        Browser ann = world.browser();
        String back = backFromTheProvider(ann, "/login/oidc");
        world.passes(Duration.ofMinutes(11));

        assertThat(ann.get(back).statusCode()).isEqualTo(403);
    }

    @Test
    void theAnswerOfAnotherProviderIsRefused() {
        Browser ann = world.browser();
        String back = backFromTheProvider(ann, "/login/oidc").replaceFirst("iss=[^&]*", "iss=https://evil.example");

        assertThat(ann.get(back).statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @EnumSource(value = Trick.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aTokenThatIsNotForThisLoginLetsNobodyIn(Trick trick) {
        world.provider().plays(trick);
        Browser ann = world.browser();

        HttpResponse<String> in = signIn(ann, "/login/oidc");

        assertThat(in.statusCode()).isEqualTo(403);
        assertThat(in.body()).contains("The provider did not let you in").doesNotContain("eyJ");
        assertThat(ann.get("/releases").statusCode()).isEqualTo(303);
    }

    @Test
    void whomTheClusterDoesNotKnowIsToldSo() {
        world.api().trusts(false);

        HttpResponse<String> in = signIn(world.browser(), "/login/oidc");

        assertThat(in.statusCode()).isEqualTo(403);
        assertThat(in.body()).contains("the cluster does not");
    }

    @Test
    void aRefusalIsTold() {
        HttpResponse<String> in = world.browser().get("/login/oidc/return?error=access_denied&state=x");

        assertThat(in.statusCode()).isEqualTo(403);
        assertThat(in.body()).contains("The provider did not let you in");
    }

    @Test
    void aVisitGoesOnWithRenewedTokens() {
        world.provider().renews(true);
        Browser ann = world.browser();
        signIn(ann, "/login/oidc");

        for (int hour = 0; hour < 3; hour++) {
            world.passes(Duration.ofHours(1));
            assertThat(ann.get("/releases").body()).contains("oidc:ann@example.com", ">shop</a>");
        }
    }

    @Test
    void aVisitEndsWithItsTokenWhereNoneIsRenewed() {
        Browser ann = world.browser();
        signIn(ann, "/login/oidc");
        world.passes(Duration.ofMinutes(5));

        HttpResponse<String> answer = ann.get("/release/test/shop");

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).contains("/login?next=%2Frelease%2Ftest%2Fshop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example/", "//evil.example", "/\\evil.example"})
    void leadsNowhereElseAfterTheLogin(String next) {
        HttpResponse<String> in = signIn(
                world.browser(),
                "/login/oidc?next=" + java.net.URLEncoder.encode(next, java.nio.charset.StandardCharsets.UTF_8));

        assertThat(in.headers().firstValue("Location")).contains("/releases");
    }

    private static HttpResponse<String> signIn(Browser browser, String path) {
        return browser.get(backFromTheProvider(browser, path));
    }

    /** The address by which the provider sends a browser back. */
    private static String backFromTheProvider(Browser browser, String path) {
        HttpResponse<String> away = browser.get(path);
        assertThat(away.statusCode()).isEqualTo(303);
        HttpResponse<String> back =
                browser.get(away.headers().firstValue("Location").orElseThrow());
        URI address = URI.create(back.headers().firstValue("Location").orElseThrow());
        assertThat(address.toString()).startsWith("https://console.example.com/login/oidc/return?");
        return address.getRawPath() + "?" + address.getRawQuery();
    }
}
