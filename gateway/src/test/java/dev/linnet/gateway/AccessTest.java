package dev.linnet.gateway;

import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.Secret;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.policy.Access;
import dev.linnet.routing.policy.Access.Password;
import dev.linnet.routing.policy.Access.Sources;
import dev.linnet.routing.policy.AddressRanges;
import dev.linnet.routing.policy.CallerOptions;
import dev.linnet.routing.policy.CallerOptions.HeaderOptions;
import dev.linnet.routing.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may use a route: addresses and passwords (spec of ingress-nginx, §4.4, AUTH-1). */
class AccessTest {
    private static final SecretRef SECRET = new SecretRef("default", "users");
    private static final String SLOW_HASH_OF_BAR = "$2b$10$CCCCCCCCCCCCCCCCCCCCC.6aKE0YXgOYZziDx1xDW2E0eNI5YWXpW";

    private final World world = new World();
    private final ScriptedUpstream upstream = ScriptedUpstream.saying("hello");

    @BeforeEach
    void serve() {
        world.everythingTo(upstream);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void guard(Access access) {
        world.routes(World.rule("/").withPolicy(Policy.NONE.withAccess(access)));
    }

    private static Access access(Sources sources, Optional<Password> password, boolean any) {
        return new Access(sources, password, Optional.empty(), any, Optional.empty(), List.of("/open"));
    }

    private static Sources sources(String allowed, String denied) {
        return new Sources(ranges(allowed), ranges(denied));
    }

    private static AddressRanges ranges(String list) {
        return list.isEmpty() ? AddressRanges.NONE : AddressRanges.parse(list).orElseThrow();
    }

    private static Optional<Password> password(boolean perUser) {
        return Optional.of(new Password(SECRET, perUser, "Say \"friend\""));
    }

    private void users(String key, String value) {
        world.gateway
                .routes()
                .secret(SECRET, Optional.of(Secret.of(Map.of(key, value.getBytes(StandardCharsets.UTF_8)))));
    }

    private Conversation.Response login(String user, String password) {
        return world.get("/", basic(user, password));
    }

    private static String basic(String user, String password) {
        byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    private void believeWhatClientsSayOfThemselves() {
        world.gateway
                .routes()
                .callers(new CallerOptions(
                        true,
                        false,
                        ranges("127.0.0.1"),
                        CallerOptions.FORWARDED_FOR,
                        false,
                        false,
                        Duration.ofSeconds(5),
                        HeaderOptions.DEFAULT));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.0/8, '', 200",
        "10.0.0.0/8, '', 403",
        "'', 127.0.0.1, 403",
        "'', 10.0.0.0/8, 200",
        "127.0.0.0/8, 127.0.0.1, 403",
        "::/0, '', 403"
    })
    void letsInByAddress(String allowed, String denied, int status) {
        guard(access(sources(allowed, denied), Optional.empty(), false));

        assertThat(world.get("/").status()).isEqualTo(status);
    }

    @Test
    void judgesTheAddressThatATrustedProxyTells() {
        guard(access(sources("1.2.3.4", ""), Optional.empty(), false));
        assertThat(world.get("/", "X-Forwarded-For: 1.2.3.4").status()).isEqualTo(403);

        believeWhatClientsSayOfThemselves();
        assertThat(world.get("/", "X-Forwarded-For: 1.2.3.4").status()).isEqualTo(200);
        assertThat(world.get("/", "X-Forwarded-For: 1.2.3.4, 6.6.6.6").status()).isEqualTo(403);
    }

    @Test
    void closesARouteWhoseGuardCannotBeUnderstood() {
        guard(Access.OPEN.closedBecause("its list is broken"));

        assertThat(world.get("/").status()).isEqualTo(503);
        assertThat(upstream.connections()).isZero();
    }

    @Test
    void auth1WithoutTheSecretNobodyMayEnter() {
        guard(access(Sources.ANY, password(false), false));

        assertThat(world.get("/").status()).isEqualTo(503);
        assertThat(login("foo", "bar").status()).isEqualTo(503);
    }

    @Test
    void auth1AsksForAPassword() {
        guard(access(Sources.ANY, password(false), false));
        users("auth", "foo:{PLAIN}bar");

        Conversation.Response response = world.get("/");

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.head()).contains("\r\nWWW-Authenticate: Basic realm=\"Say \\\"friend\\\"\"\r\n");
        assertThat(login("foo", "baz").status()).isEqualTo(401);
        assertThat(login("food", "bar").status()).isEqualTo(401);
        assertThat(upstream.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{PLAIN}bar",
                "{SHA}Ys23Ag/5IOWqZCw9QGaVDdHwH00=",
                "{SSHA}aTajYe2SJsRWrbKsIV9ZttXLp9RzYWx0",
                "rqzQVIXov.NRc",
                "$1$salt1234$WRzWYKNt6OrpvFZi/qtdj1",
                "$apr1$salt1234$hzMnz8A4s0rYz3xgHrlMp/",
                "$5$salt1234$GYTH.OYXbvuurMIW9.xM41lCymEy5Ri6av1S6eip6vC",
                "$6$salt1234$2HGbS5fYnWWRAALMjVWtHyfhvHaI/HAQ2Cxc6UAEhFuwBrkkrh6oHOTrRKaYvN4AntzdhwiUZaXYU1v2Q/Swp.",
                "$2y$05$CCCCCCCCCCCCCCCCCCCCC.SuAw1DSog9bLJX0l1Gg5aZu6lwQK4xy"
            })
    void auth1KnowsTheHashesThatPeopleHave(String hash) {
        guard(access(Sources.ANY, password(false), false));
        users("auth", "# people\nother:{PLAIN}x\nfoo:" + hash + ":a comment\n");

        assertThat(login("foo", "bar").status()).isEqualTo(200);
        assertThat(login("foo", "baz").status()).isEqualTo(401);
    }

    @Test
    void auth1KnowsSecretsWithOneKeyForEachUser() {
        guard(access(Sources.ANY, password(true), false));
        users("foo", "{PLAIN}bar");

        assertThat(login("foo", "bar").status()).isEqualTo(200);
        assertThat(login("foo", "baz").status()).isEqualTo(401);
        assertThat(login("auth", "").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rubbish", "foo:", "foo:{MD9}abc", "foo:$2y$05$short", "foo:{SHA}!", ":{PLAIN}bar"})
    void auth1NobodyIsInAFileOfRubbish(String file) {
        guard(access(Sources.ANY, password(false), false));
        users("auth", file);

        assertThat(login("foo", "bar").status()).isEqualTo(401);
        assertThat(login("", "bar").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic", "Basic !!", "Basic Zm9v", "Bearer Zm9vOmJhcg==", "BasicZm9vOmJhcg=="})
    void takesNothingButNameAndPassword(String authorization) {
        guard(access(Sources.ANY, password(false), false));
        users("auth", "foo:{PLAIN}bar");

        assertThat(world.get("/", "Authorization: " + authorization).status()).isEqualTo(401);
    }

    @Test
    void takesNoTwoPasswords() {
        guard(access(Sources.ANY, password(false), false));
        users("auth", "foo:{PLAIN}bar");

        String right = "Authorization: Basic Zm9vOmJhcg==";
        assertThat(world.get("/", right).status()).isEqualTo(200);
        assertThat(world.get("/", right, "Authorization: Basic eDp5").status()).isEqualTo(401);
    }

    @Test
    void doesNotTellTheBackendThePassword() {
        guard(access(Sources.ANY, password(false), false));
        users("auth", "foo:{PLAIN}bar");

        login("foo", "bar");

        assertThat(upstream.nextHead()).doesNotContainIgnoringCase("authorization");
    }

    @Test
    void aChangedPasswordCountsAtOnce() {
        guard(access(Sources.ANY, password(false), false));
        users("auth", "foo:$apr1$salt1234$hzMnz8A4s0rYz3xgHrlMp/");
        assertThat(login("foo", "bar").status()).isEqualTo(200);
        assertThat(login("foo", "bar").status()).isEqualTo(200);

        users("auth", "foo:{PLAIN}new");
        assertThat(login("foo", "bar").status()).isEqualTo(401);

        world.gateway.routes().secret(SECRET, Optional.empty());
        assertThat(login("foo", "new").status()).isEqualTo(503);
    }

    /** Each guess takes a few hundredths of a second to refute, so all that wait would take many seconds. */
    @Test
    void aFloodOfWrongPasswordsLocksNobodyElseOut() {
        guard(access(Sources.ANY, password(false), false));
        users("auth", "foo:" + SLOW_HASH_OF_BAR);
        believeWhatClientsSayOfThemselves();
        List<Conversation> flood = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            flood.add(world.client().send(request("GET", "/", "X-Forwarded-For: 6.6.6.6", basic("foo", "wrong" + i))));
        }

        assertThat(flood.getLast().readResponse().status())
                .as("there is no room for more")
                .isEqualTo(503);
        Conversation.Response right = world.get("/", "X-Forwarded-For: 1.2.3.4", basic("foo", "bar"));

        assertThat(right.status()).isEqualTo(200);
    }

    @Test
    void forwardsABodyThatCameWhileThePasswordWasChecked() {
        ScriptedUpstream reader = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say(ScriptedUpstream.ok(turn.with().read(5)));
        });
        world.everythingTo(reader);
        guard(access(Sources.ANY, password(false), false));
        users("auth", "foo:$apr1$salt1234$hzMnz8A4s0rYz3xgHrlMp/");
        Conversation client = world.client();

        client.send(request("POST", "/", "Authorization: Basic Zm9vOmJhcg==", "Content-Length: 5") + "he");
        client.send("llo");

        assertThat(client.readResponse().body()).isEqualTo("hello");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, '', false, true, 200",
        "127.0.0.1, '', false, false, 401",
        "10.0.0.1, '', false, true, 403",
        "127.0.0.1, '', true, false, 200",
        "10.0.0.1, '', true, true, 200",
        "10.0.0.1, '', true, false, 401",
        "'', 127.0.0.1, true, true, 200",
        "'', 127.0.0.1, true, false, 401",
        "'', 10.0.0.1, true, true, 200",
        "'', 10.0.0.1, true, false, 401",
        "10.0.0.1, 127.0.0.1, true, false, 401"
    })
    void anyOfSeveralMaySuffice(String allowed, String denied, boolean any, boolean knowsPassword, int status) {
        guard(access(sources(allowed, denied), password(false), any));
        users("auth", "foo:{PLAIN}bar");

        assertThat(login("foo", knowsPassword ? "bar" : "baz").status()).isEqualTo(status);
        if (status == 200) {
            assertThat(upstream.nextHead()).doesNotContainIgnoringCase("authorization");
        }
    }

    @Test
    void asksNoPasswordBelowOpenLocations() {
        world.routes(World.rule("/open/challenge")
                .withPolicy(Policy.NONE.withAccess(access(Sources.ANY, password(false), false))));

        assertThat(world.get("/open/challenge").status()).isEqualTo(200);
    }

    @Test
    void l31RequestsThatAreTurnedAwayDoNotCountForACanary() {
        world.routes(World.rule("/", Canaries.weight(100))
                .withPolicy(Policy.NONE.withAccess(access(sources("10.0.0.0/8", ""), Optional.empty(), false))));
        world.serve(World.CANARY, ScriptedUpstream.saying("canary"));

        assertThat(world.get("/").status()).isEqualTo(403);

        assertThat(world.numbers().series()).extracting(series -> series.side()).doesNotContain("canary");
    }
}
