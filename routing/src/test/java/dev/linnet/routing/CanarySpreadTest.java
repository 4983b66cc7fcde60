package dev.linnet.routing;

import static dev.linnet.routing.Routes.CANARY;
import static dev.linnet.routing.Routes.PRIMARY;
import static dev.linnet.routing.Routes.SECOND_CANARY;
import static dev.linnet.routing.Routes.canary;
import static dev.linnet.routing.Routes.header;
import static dev.linnet.routing.Routes.named;
import static dev.linnet.routing.Routes.request;
import static dev.linnet.routing.Routes.weight;
import static dev.linnet.routing.Routes.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.CanarySelector.Spread;
import dev.linnet.routing.CanarySelector.UserKey;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a share is picked out of the requests: by user (limits L8, L10, L12) and in turns (L9, L13). */
class CanarySpreadTest {
    private static final Availability ALL = _ -> true;
    private static final UserKey HEADER = new UserKey.Header("X-User");

    private static CanarySelector sticky(UserKey key, int weight) {
        return weight(weight, 100).withSpread(new Spread.Sticky(key));
    }

    private static String serve(Rule rule, TextRequest request) {
        return new Route(rule).choose(request, ALL, new Random(1)).backend().name();
    }

    private static TextRequest from(String user) {
        return request("http://h/", "X-User: " + user);
    }

    private static Set<Integer> usersOf(Rule rule, ServiceRef backend) {
        Set<Integer> users = new HashSet<>();
        IntStream.range(0, 2000)
                .filter(user -> serve(rule, from("user-" + user)).equals(backend.name()))
                .forEach(users::add);
        return users;
    }

    @Nested
    class ByUser {
        @Test
        void limitL08AUserStaysWithHisVersionThroughTheWholeRamp() {
            Set<Integer> before = Set.of();
            for (int weight = 0; weight <= 100; weight += 5) {
                Set<Integer> now = usersOf(with(canary(sticky(HEADER, weight))), CANARY);
                assertThat(now).containsAll(before);
                double expected = 2000 * weight / 100.0;
                double sigma = Math.sqrt(expected * (1 - weight / 100.0));
                assertThat((double) now.size()).isBetween(expected - 5 * sigma, expected + 5 * sigma);
                before = now;
            }
            assertThat(before).hasSize(2000);
        }

        @Test
        void limitL10LoweringTheWeightToNothingDrainsTheCanary() {
            assertThat(usersOf(with(canary(sticky(HEADER, 0))), CANARY)).isEmpty();
        }

        @Test
        void limitL10AHeaderRuleComesBeforeTheUsersVersion() {
            Rule rule = with(canary(
                    header(named("X-Canary")).withShare(new Share(0, 100)).withSpread(new Spread.Sticky(HEADER))));

            assertThat(serve(rule, request("http://h/", "X-User: a", "X-Canary: always")))
                    .isEqualTo(CANARY.name());
        }

        @Test
        void limitL12TwoReplicasDecideAlike() {
            Rule rule = with(canary(sticky(HEADER, 30)));
            Route one = new Route(rule);
            Route other = new Route(rule);
            for (int user = 0; user < 500; user++) {
                TextRequest request = from("user-" + user);
                assertThat(one.choose(request, ALL, new Random(1)).backend())
                        .isEqualTo(other.choose(request, ALL, new Random(2)).backend());
            }
        }

        @Test
        void picksOtherUsersForAnotherCanary() {
            Set<Integer> one = usersOf(with(canary(sticky(HEADER, 10))), CANARY);
            Set<Integer> other = usersOf(with(canary(SECOND_CANARY, sticky(HEADER, 10))), SECOND_CANARY);

            Set<Integer> both = new HashSet<>(one);
            both.retainAll(other);
            assertThat(both.size()).isLessThan(one.size() / 3);
        }

        @Test
        void addsUpTheSharesOfTwoCanariesAndKeepsEachOnesUsersWhileItsOwnWeightGrows() {
            Set<Integer> before = Set.of();
            for (int weight = 10; weight <= 60; weight += 10) {
                Rule rule = with(canary(sticky(HEADER, 40)), canary(SECOND_CANARY, sticky(HEADER, weight)));
                Set<Integer> now = usersOf(rule, SECOND_CANARY);
                assertThat(now).containsAll(before);
                assertThat((double) now.size()).isBetween(2000 * (weight / 100.0) - 110, 2000 * (weight / 100.0) + 110);
                before = now;
            }
            assertThat(usersOf(with(canary(sticky(HEADER, 40)), canary(SECOND_CANARY, sticky(HEADER, 60))), PRIMARY))
                    .isEmpty();
        }

        @Test
        void leavesWhoCannotBeKnownAgainWithThePrimaryUntilTheWeightIsWhole() {
            assertThat(serve(with(canary(sticky(HEADER, 99))), request("http://h/")))
                    .isEqualTo(PRIMARY.name());
            assertThat(serve(with(canary(sticky(HEADER, 99))), request("http://h/", "X-User:")))
                    .isEqualTo(PRIMARY.name());
            assertThat(serve(with(canary(sticky(HEADER, 100))), request("http://h/")))
                    .isEqualTo(CANARY.name());
        }

        @Test
        void knowsUsersByAddressAndIpv6ByNetwork() {
            Rule rule = with(canary(sticky(new UserKey.Address(), 50)));
            Set<String> versions = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                versions.add(serve(rule, fromAddress("10.0.0." + i)));
                assertThat(serve(rule, fromAddress("2001:db8::" + i)))
                        .isEqualTo(serve(rule, fromAddress("2001:db8::1")));
            }
            assertThat(versions).hasSize(2);
        }

        private static TextRequest fromAddress(String address) {
            return TextRequest.of("GET", "http://h/", List.of(), Optional.of(InetAddress.ofLiteral(address)));
        }

        @Test
        void givesANewUserAnIdAndKnowsHimByItFromThenOn() {
            Route route = new Route(with(canary(sticky(new UserKey.IssuedCookie(), 50))));
            Dealer dealer = route.newDealer(new Random(7));
            Set<String> versions = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                Side first = route.choose(request("http://h/"), ALL, dealer);
                assertThat(dealer.metNewUser()).isTrue();
                String cookie = "Cookie: a=b; " + UserKey.ISSUED_COOKIE_NAME + "=" + dealer.newUserId();
                assertThat(route.choose(request("http://h/", cookie), ALL, dealer))
                        .isEqualTo(first);
                assertThat(dealer.metNewUser()).isFalse();
                versions.add(first.backend().name());
            }
            assertThat(versions).hasSize(2);
        }

        @Test
        void givesNobodyAnIdWhoseVersionIsSettledWithoutOne() {
            Route nothing = new Route(with(canary(sticky(new UserKey.IssuedCookie(), 0))));
            Dealer dealer = nothing.newDealer(new Random(7));
            nothing.choose(request("http://h/"), ALL, dealer);
            assertThat(dealer.metNewUser()).isFalse();
        }
    }

    @Nested
    class InTurns {
        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3, 4, 5})
        void limitL09AShareIsExactToOneRequestAfterEachRequest(long seed) {
            for (int hundredths : new int[] {1, 37, 500, 1000, 3333, 5000, 9999}) {
                Route route = new Route(with(canary(weight(hundredths, 10_000).withSpread(new Spread.Exact()))));
                Dealer dealer = route.newDealer(new Random(seed));
                TextRequest request = request("http://h/");
                int taken = 0;
                for (int n = 1; n <= 20_000; n++) {
                    taken += route.choose(request, ALL, dealer).isCanary() ? 1 : 0;
                    assertThat(Math.abs(taken - n * hundredths / 10_000.0)).isLessThanOrEqualTo(1);
                }
            }
        }

        @Test
        void addsUpForSeveralCanaries() {
            Route route = new Route(with(
                    canary(weight(20, 100).withSpread(new Spread.Exact())),
                    canary(SECOND_CANARY, weight(50, 100).withSpread(new Spread.Exact()))));
            Dealer dealer = route.newDealer(new Random(3));
            Map<ServiceRef, Integer> served = new HashMap<>();
            for (int n = 0; n < 1000; n++) {
                served.merge(route.choose(request("http://h/"), ALL, dealer).backend(), 1, Integer::sum);
            }
            assertThat(served.getOrDefault(CANARY, 0)).isBetween(199, 201);
            assertThat(served.getOrDefault(SECOND_CANARY, 0)).isBetween(498, 502);
        }

        @Test
        void loopsDoNotMarchInStep() {
            Route route = new Route(with(canary(weight(10, 100).withSpread(new Spread.Exact()))));
            int first = 0;
            Random seeds = new Random(5);
            for (int loop = 0; loop < 500; loop++) {
                first += route.choose(request("http://h/"), ALL, route.newDealer(seeds))
                                .isCanary()
                        ? 1
                        : 0;
            }
            assertThat(first).isBetween(20, 90);
        }
    }

    @Nested
    class Failover {
        private static final CanarySelector PART = weight(10, 100).withFailover(true);

        private static String serve(CanarySelector selector, Availability available, String... headers) {
            return new Route(with(canary(selector)))
                    .choose(request("http://h/", headers), available, new Random(1))
                    .backend()
                    .name();
        }

        @Test
        void limitL05ACanaryStandsInForAPrimaryWithoutEndpoints() {
            Availability noPrimary = Set.of(CANARY)::contains;

            for (int i = 0; i < 20; i++) {
                assertThat(serve(PART, noPrimary)).isEqualTo(CANARY.name());
            }
            assertThat(serve(header(named("H")).withFailover(true), noPrimary, "H: never"))
                    .isEqualTo(CANARY.name());
            assertThat(serve(weight(10, 100), noPrimary)).isEqualTo(PRIMARY.name());
        }

        @Test
        void leavesAllToThePrimaryWhereNeitherHasEndpoints() {
            assertThat(serve(PART, _ -> false)).isEqualTo(PRIMARY.name());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 10000", "25, 10000", "9999, 10000"})
    void limitL13AWeightHasTwoDecimals(int weight, int total) {
        Route route = new Route(with(canary(weight(weight, total))));
        Dealer dealer = route.newDealer(new Random(11));
        TextRequest request = request("http://h/");
        int requests = 400_000;
        int taken = 0;
        for (int i = 0; i < requests; i++) {
            taken += route.choose(request, ALL, dealer).isCanary() ? 1 : 0;
        }
        double share = (double) weight / total;
        double sigma = Math.sqrt(requests * share * (1 - share));
        assertThat((double) taken).isBetween(requests * share - 5 * sigma, requests * share + 5 * sigma);
    }
}
