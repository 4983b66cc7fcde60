package dev.linnet.gateway.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.linnet.routing.Endpoint;
import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.Scheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class BalancerTest {
    private static Balancer balancer(Scheduler scheduler) {
        return Balancer.of(new Balancing.By(scheduler), Scheduler.RR, new SplittableRandom(7));
    }

    private static int[] share(Balancer balancer, Candidates candidates, int requests) {
        int[] count = new int[candidates.size()];
        for (int i = 0; i < requests; i++) {
            count[balancer.next(candidates, List.of(), Balancer.ofAddress(address(i)), 0)]++;
        }
        return count;
    }

    private static byte[] address(int n) {
        return new byte[] {10, (byte) (n >> 16), (byte) (n >> 8), (byte) n};
    }

    @ParameterizedTest
    @EnumSource(
            value = Scheduler.class,
            names = {"RR", "WRR", "LC", "WLC", "SED", "NQ"})
    void sharesExactlyWhatComesOneByOne(Scheduler scheduler) {
        assertThat(share(balancer(scheduler), Some.candidates(3), 600)).containsExactly(200, 200, 200);
    }

    @ParameterizedTest
    @EnumSource(
            value = Scheduler.class,
            names = {"LC", "WLC", "SED", "NQ"})
    void choosesTheEndpointWithTheFewestRequests(Scheduler scheduler) {
        Candidates three = Some.candidates(3);
        three.load(0).begin();
        three.load(0).begin();
        three.load(1).begin();
        three.load(2).begin();
        three.load(2).end();

        assertThat(share(balancer(scheduler), three, 20)).containsExactly(0, 0, 20);
    }

    @ParameterizedTest
    @EnumSource(Scheduler.class)
    void choosesAnUntriedEndpointAndATriedOneOnlyIfThereIsNoOther(Scheduler scheduler) {
        Candidates five = Some.candidates(5);
        Balancer balancer = balancer(scheduler);
        for (int key = 0; key < 200; key++) {
            List<Endpoint> tried = new ArrayList<>();
            for (int i = 0; i < five.size(); i++) {
                Endpoint next = five.get(balancer.next(five, tried, Hash.of("k" + key) > 0 ? key * 7919 : ~key, 0));
                assertThat(tried).doesNotContain(next);
                tried.add(next);
            }
            assertThat(balancer.next(five, tried, key, 0)).isBetween(0, 4);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Scheduler.class,
            mode = Mode.INCLUDE,
            names = {"SH", "DH", "MH"})
    void sendsTheSameKeyToTheSameEndpointOnEveryLoop(Scheduler scheduler) {
        Candidates seven = Some.candidates(7);
        Balancer one = balancer(scheduler);
        Balancer other = Balancer.of(new Balancing.By(scheduler), Scheduler.RR, new SplittableRandom(99));
        for (int i = 0; i < 1000; i++) {
            int key = Balancer.ofAddress(address(i * 31));
            assertThat(one.next(seven, List.of(), key, 0)).isEqualTo(other.next(seven, List.of(), key, 5));
        }
    }

    @Test
    void sharesAddressesAmongBucketsAndMaglevSlots() {
        for (Scheduler scheduler : List.of(Scheduler.SH, Scheduler.MH)) {
            for (int count : share(balancer(scheduler), Some.candidates(4), 40_000)) {
                assertThat(count).isCloseTo(10_000, within(1000));
            }
        }
    }

    @Test
    void movesFewClientsByMaglevWhenAnEndpointGoesAndMostBySourceHashing() {
        List<Endpoint> ten = Some.endpoints(10);
        List<Endpoint> nine = new ArrayList<>(ten);
        Endpoint gone = nine.remove(4);

        assertThat(moved(Scheduler.MH, ten, nine, gone)).isLessThan(0.10);
        assertThat(moved(Scheduler.SH, ten, nine, gone)).isGreaterThan(0.5);
    }

    /** The part of those clients that moved though their endpoint is still there. */
    private static double moved(Scheduler scheduler, List<Endpoint> before, List<Endpoint> after, Endpoint gone) {
        Candidates old = Some.candidates(before);
        Candidates now = Some.candidates(after);
        Balancer balancer = balancer(scheduler);
        int stayed = 0;
        int moved = 0;
        for (int i = 0; i < 20_000; i++) {
            int key = Balancer.ofAddress(address(i));
            Endpoint was = old.get(balancer.next(old, List.of(), key, 0));
            Endpoint is = now.get(balancer.next(now, List.of(), key, 0));
            if (!was.equals(gone)) {
                stayed += was.equals(is) ? 1 : 0;
                moved += was.equals(is) ? 0 : 1;
            }
        }
        return (double) moved / (moved + stayed);
    }

    @Test
    void addsTheWordsOfAnIpv6Address() {
        byte[] address = new byte[16];
        address[3] = 1;
        address[7] = 2;
        address[15] = 4;

        assertThat(Balancer.ofAddress(address)).isEqualTo(7);
        assertThat(Balancer.ofAddress(new byte[] {1, 2, 3, 4})).isEqualTo(0x01020304);
    }

    @Test
    void asksTheServiceWhereTheRouteSaysNothing() {
        assertThat(Balancer.of(Balancing.UNSAID, Scheduler.SH, new SplittableRandom(1)))
                .isInstanceOf(ByBuckets.class);
        assertThat(Balancer.of(new Balancing.By(Scheduler.RR), Scheduler.SH, new SplittableRandom(1)))
                .isInstanceOf(InTurn.class);
    }

    @Test
    void makesTablesBeforehandThatWereInUse() {
        Candidates three = Some.candidates(3);
        three.ring();
        Map<Endpoint, Load> loads = new HashMap<>();

        Candidates four =
                three.successor(Some.endpoints(4), endpoint -> loads.computeIfAbsent(endpoint, _ -> new Load()), 0);

        assertThat(four.ring().size()).isEqualTo(640);
        assertThat(IntStream.range(0, 4).mapToObj(four::load)).containsAll(loads.values());
    }
}
