package dev.linnet.routing;

import static dev.linnet.routing.Routes.CANARY;
import static dev.linnet.routing.Routes.PRIMARY;
import static dev.linnet.routing.Routes.SECOND_CANARY;
import static dev.linnet.routing.Routes.canary;
import static dev.linnet.routing.Routes.header;
import static dev.linnet.routing.Routes.jointly;
import static dev.linnet.routing.Routes.named;
import static dev.linnet.routing.Routes.plus;
import static dev.linnet.routing.Routes.request;
import static dev.linnet.routing.Routes.weight;
import static dev.linnet.routing.Routes.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.CanarySelector.Spread;
import dev.linnet.routing.CanarySelector.UserKey;
import dev.linnet.routing.Rule.CanarySide;
import dev.linnet.routing.Rule.PathMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions that are released together: who has met one of them on one side meets the others on the same. */
final class JointReleaseTest {
    private static final JointRelease SHOP = new JointRelease("default", "shop");
    private static final JointRelease PAY = new JointRelease("default", "pay");
    private static final Workload POD = new Workload("default", "frontend", Map.of());
    private static final Availability ALL = _ -> true;

    private static Route route(CanarySide... canaries) {
        return new Route(with(canaries));
    }

    /** As a Pod sends it to a Service inside the cluster. */
    private static TextRequest inside(String... headers) {
        return request("http://backend/", headers).by(POD).at("backend.default.svc.cluster.local:80");
    }

    private static ServiceRef chosen(Route route, TextRequest request) {
        return route.choose(request, ALL, new Random(1)).backend();
    }

    @Test
    void leadsARequestToTheSideThatItIsOnWhateverTheWeight() {
        Route never = route(jointly(SHOP, canary(weight(0, 100))));
        Route always = route(jointly(SHOP, canary(weight(100, 100))));

        assertThat(chosen(never, inside("baggage: linnet-release=shop:canary"))).isEqualTo(CANARY);
        assertThat(chosen(always, inside("baggage: linnet-release=shop:primary")))
                .isEqualTo(PRIMARY);
        assertThat(chosen(never, inside())).isEqualTo(PRIMARY);
        assertThat(chosen(always, inside())).isEqualTo(CANARY);
    }

    @Test
    void goesBeforeAllOtherSelectors() {
        Route route = route(jointly(SHOP, canary(plus(header(named("x-canary")), 100))));

        assertThat(chosen(route, inside("x-canary: always", "baggage: linnet-release=shop:primary")))
                .isEqualTo(PRIMARY);
        assertThat(chosen(route, inside("x-canary: never", "baggage: linnet-release=shop:canary")))
                .isEqualTo(CANARY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "baggage: linnet-release=shop:canary",
                "Baggage: userId=alice,linnet-release=shop:canary;ttl=1 , other=x",
                "baggage: linnet-release = shop%3Acanary",
                "baggage: linnet%2Drelease=pay%3Aprimary%7Eshop%3Acanary",
                "baggage: linnet-release=pay:primary~shop:canary",
                "x-linnet-release: shop:canary",
                "X-Linnet-Release: pay:primary, shop:canary",
            })
    void understandsTheSideHoweverItHasTravelled(String header) {
        assertThat(chosen(route(jointly(SHOP, canary(weight(0, 100)))), inside(header)))
                .isEqualTo(CANARY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "baggage: linnet-release=other:canary",
                "baggage: linnet-release=shop",
                "baggage: linnet-release=shop:both",
                "baggage: linnet-release=shop:canary:more",
                "baggage: linnet-release=sh op:canary",
                "baggage: linnet-release=shop%0d%0ax:canary",
                "baggage: linnet-released=shop:canary",
                "baggage: a=linnet-release=shop:canary",
                "baggage: linnet-release",
                "x-linnet-release: canary",
            })
    void drawsByItsOwnWeightWhereNothingIsSaidOfItsRelease(String header) {
        Route route = route(jointly(SHOP, canary(weight(0, 100))));

        assertThat(chosen(route, inside(header))).isEqualTo(PRIMARY);
        assertThat(route.sidesAfter(ReleaseSides.of(inside(header)), route.primary())
                        .orElseThrow()
                        .header())
                .contains("shop:primary");
    }

    @Test
    void believesNobodyOutsideAndNobodyUnknown() {
        Route route = route(jointly(SHOP, canary(weight(0, 100))));
        String canary = "baggage: linnet-release=shop:canary";

        assertThat(chosen(route, request("http://shop.example.com/", canary))).isEqualTo(PRIMARY);
        assertThat(chosen(route, request("http://shop.example.com/", canary).by(POD)))
                .as("a Pod at the edge")
                .isEqualTo(PRIMARY);
        assertThat(chosen(route, request("http://backend/", canary).at("backend.default.svc.cluster.local:80")))
                .as("an unknown caller inside")
                .isEqualTo(PRIMARY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"baggage: linnet-release=shop:canary", "x-linnet-release: shop:canary"})
    void believesNoPodAtAnOutsideDoor(String canary) {
        TextRequest request =
                request("http://shop.example.com:8090/", canary).by(POD).at(":8090");

        assertThat(chosen(route(jointly(SHOP, canary(weight(0, 100)))), request))
                .isEqualTo(PRIMARY);
        assertThat(request.isFromPod()).as("so that both are dropped").isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "defaul", "default2", "backend", "svc", "default.svc"})
    void believesNoPodOfAnotherNamespace(String namespace) {
        TextRequest request =
                inside("baggage: linnet-release=shop:canary").by(new Workload(namespace, "frontend", Map.of()));

        assertThat(chosen(route(jointly(SHOP, canary(weight(0, 100)))), request))
                .isEqualTo(PRIMARY);
        assertThat(request.isFromPod()).as("so that both are dropped").isFalse();
        assertThat(explain(RouteTable.of(List.of()), request).steps())
                .contains("The sides of releases that it says it is on are dropped: a Pod of another namespace has"
                        + " sent it.");
    }

    @Test
    void tellsWhatItHasDrawnAndKeepsWhatOthersHave() {
        Route route =
                route(jointly(SHOP, canary(weight(100, 100))), jointly(PAY, canary(SECOND_CANARY, weight(0, 100))));
        Side canary = route.choose(inside(), ALL, new Random(1));

        assertThat(route.sidesAfter(ReleaseSides.of(inside()), canary).map(ReleaseSides::member))
                .contains("linnet-release=shop:canary~pay:primary");
        assertThat(route.sidesAfter(ReleaseSides.of(inside("baggage: linnet-release=mail:canary")), canary)
                        .map(ReleaseSides::member))
                .contains("linnet-release=mail:canary~shop:canary~pay:primary");
        assertThat(route.sidesAfter(ReleaseSides.of(inside("x-linnet-release: shop:canary")), canary)
                        .map(ReleaseSides::header))
                .contains("shop:canary, pay:primary");
        assertThat(route.sidesAfter(ReleaseSides.of(inside("baggage: linnet-release=shop:canary~pay:primary")), canary))
                .as("nothing new")
                .isEmpty();
        assertThat(route(canary(weight(50, 100))).sidesAfter(ReleaseSides.of(inside()), canary))
                .isEmpty();
    }

    @Test
    void leavesTheRequestToThePrimaryWhereTheCanaryHasNoEndpoints() {
        TextRequest led = inside("baggage: linnet-release=shop:canary");
        Route route = route(jointly(SHOP, canary(weight(0, 100))));

        Side chosen = route.choose(led, service -> !service.equals(CANARY), new Random(1));

        assertThat(chosen).isEqualTo(route.primary());
        assertThat(route.missed(ReleaseSides.of(led), chosen).map(Side::backend))
                .contains(CANARY);
        assertThat(route.sidesAfter(ReleaseSides.of(led), chosen))
                .as("it stays on its side")
                .isEmpty();
        assertThat(route.missed(ReleaseSides.of(inside()), chosen)).isEmpty();
        assertThat(route.missed(ReleaseSides.of(inside("baggage: linnet-release=shop:primary")), chosen))
                .isEmpty();
    }

    @Test
    void doesSoInOrderedRulesTooButNotForTheirWeights() {
        Rule bare = with(jointly(SHOP, canary(weight(100, 100))));
        Route route = new Route(new Rule(
                bare.host(),
                new PathMatch.Ordered("/", RequestMatch.ANY),
                bare.primary(),
                bare.canaries(),
                bare.source(),
                bare.limits()));
        Availability withoutCanary = service -> !service.equals(CANARY);

        assertThat(route.choose(inside("baggage: linnet-release=shop:canary"), withoutCanary, new Random(1))
                        .backend())
                .isEqualTo(PRIMARY);
        assertThat(route.choose(inside(), withoutCanary, new Random(1)).backend())
                .isEqualTo(CANARY);
    }

    @Test
    void dealsTheSameUsersToAllMembers() {
        CanarySelector sticky = weight(30, 100).withSpread(new Spread.Sticky(new UserKey.Header("user")));
        Route one = route(jointly(SHOP, canary(sticky)));
        Route other = route(jointly(SHOP, canary(SECOND_CANARY, sticky)));
        Route alone = route(canary(SECOND_CANARY, sticky));
        int different = 0;
        for (int user = 0; user < 200; user++) {
            TextRequest request = request("http://shop.example.com/", "user: " + user);
            boolean canary = one.choose(request, ALL, new Random(1)).isCanary();
            assertThat(other.choose(request, ALL, new Random(1)).isCanary()).isEqualTo(canary);
            different += alone.choose(request, ALL, new Random(1)).isCanary() == canary ? 0 : 1;
        }
        assertThat(different).isPositive();
    }

    @Test
    void explainsWhichSideARequestIsOn() {
        RouteTable table = RouteTable.of(
                List.of(with(jointly(SHOP, canary(weight(0, 100)))).withHost("backend.default.svc.cluster.local:80")));

        Explanation led = explain(table, inside("baggage: linnet-release=shop:canary"));
        Explanation missed = table.explain(
                inside("baggage: linnet-release=shop:canary"),
                service -> !service.equals(CANARY),
                new SplittableRandom(1));
        Explanation drawn = explain(table, inside());
        Explanation kept = explain(table, inside("baggage: linnet-release=shop:primary"));
        Explanation stranger = explain(
                table,
                request("http://backend/", "x-linnet-release: shop:canary").at("backend.default.svc.cluster.local:80"));

        assertThat(led.steps())
                .contains("The request is on the canary's side of release default/shop: Ingress default/web-canary"
                        + " takes it.");
        assertThat(led.side().orElseThrow().backend()).isEqualTo(CANARY);
        assertThat(missed.steps())
                .contains(
                        "Service default/web-canary:80 of Ingress default/web-canary has no ready endpoints: primary.");
        assertThat(missed.side().orElseThrow().backend()).isEqualTo(PRIMARY);
        assertThat(drawn.steps()).contains("From here on it is on these sides: shop:primary.");
        assertThat(kept.others().toString()).contains("the request is on the primary's side of release default/shop");
        assertThat(stranger.steps())
                .contains("The sides of releases that it says it is on are dropped: no Pod inside the cluster has sent"
                        + " it.");
        assertThat(stranger.side().orElseThrow().backend()).isEqualTo(PRIMARY);
    }

    private static Explanation explain(RouteTable table, TextRequest request) {
        return table.explain(request, ALL, new SplittableRandom(1));
    }

    @Test
    void refusesNamesThatAHeaderCouldNotCarry() {
        ObjectRef web = new ObjectRef("Ingress", "default", "web");
        List<String> wrong = List.of("-a", "a b", "a:b", "a~b", "a,b", "a\r\nb", "a".repeat(64));
        List<Problem> problems = new ArrayList<>();

        assertThat(JointRelease.of(web, Optional.of(" v2.1_b-7 "), problems::add))
                .contains(new JointRelease("default", "v2.1_b-7"));
        assertThat(JointRelease.of(web, Optional.of(" "), problems::add)).isEmpty();
        assertThat(problems).isEmpty();
        assertThat(wrong.stream().map(name -> JointRelease.of(web, Optional.of(name), problems::add)))
                .containsOnly(Optional.empty());
        assertThat(problems)
                .hasSameSizeAs(wrong)
                .allMatch(problem -> problem.object().equals(web));
    }

    @Test
    void carriesNoMoreSidesThanABoundedNumber() {
        StringBuilder many = new StringBuilder("baggage: linnet-release=r0:canary");
        for (int i = 1; i < 100; i++) {
            many.append("~r").append(i).append(":canary");
        }
        Route route = route(jointly(SHOP, canary(weight(0, 100))));

        assertThat(route.sidesAfter(ReleaseSides.of(inside(many.toString())), route.primary()))
                .isEmpty();
        assertThat(chosen(
                        route(jointly(new JointRelease("default", "r9"), canary(weight(0, 100)))),
                        inside(many.toString())))
                .isEqualTo(CANARY);
    }
}
