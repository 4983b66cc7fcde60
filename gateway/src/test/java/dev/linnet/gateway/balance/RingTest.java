package dev.linnet.gateway.balance;

import static dev.linnet.gateway.balance.Some.crc;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.Endpoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of the spec's Appendix B. */
class RingTest {
    private static final List<String> NAMES = List.of("10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:8080");
    private final Ring ring = new Ring(NAMES);

    @Test
    void hasTheSamePointsAsIngressNginx() {
        Ring one = new Ring(List.of("10.0.0.1:8080"));
        Set<Integer> points = new HashSet<>();
        for (int i = 0; i < one.size(); i++) {
            points.add(one.point(i));
        }

        assertThat(points).hasSize(160).contains(0x4af510c3, 0xcde94f2d, 0x09025b75);
        assertThat(List.of(ring.point(0), ring.point(1), ring.point(2)))
                .containsExactly(0x0015365e, 0x00b1de88, 0x01251b8e);
        assertThat(ring.point(ring.size() - 1)).isEqualTo(0xff96e957);
    }

    @ParameterizedTest
    @CsvSource({
        "/, 79d3d2d4, 1",
        "/a, 69707b5c, 1",
        "/b, f0792ae6, 2",
        "/alma/armud, 57b8d4b0, 1",
        "user-1, 7e264614, 3",
        "user-2, e72f17ae, 3",
        "user-42, 7d06b873, 3",
        "192.168.1.1, 8845f35f, 3",
    })
    void findsTheSameEndpointsAsIngressNginx(String key, String hash, int endpoint) {
        assertThat(crc(key)).isEqualTo(Integer.parseUnsignedInt(hash, 16));
        assertThat(ring.owner(crc(key))).isEqualTo(endpoint - 1);
    }

    @Test
    void sharesKeysAsIngressNginxDoes() {
        int[] count = new int[3];
        for (int i = 0; i < 30_000; i++) {
            count[ring.owner(crc("k" + i))]++;
        }

        assertThat(count).containsExactly(9426, 10611, 9963);
    }

    @Test
    void goesRoundBehindTheLastPoint() {
        assertThat(ring.owner(0xffffffff)).isEqualTo(ring.owner(0));
    }

    @ParameterizedTest
    @CsvSource({"/, 2", "/a, 3", "/b, 3", "/alma/armud, 1"})
    void findsTheSameSubsetsAsIngressNginx(String key, int set) {
        assertThat(new Subsets(9, 3).set(crc(key))).isEqualTo(set - 1);
    }

    @Test
    void keepsAKeyInOneSubset() {
        Candidates nine = Some.candidates(9);
        Balancer balancer = new BySubset(3, new SplittableRandom(1));
        Set<Endpoint> met = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            met.add(nine.get(balancer.next(nine, List.of(), crc("/"), 0)));
        }

        assertThat(met).containsExactlyInAnyOrder(Some.endpoint(4), Some.endpoint(5), Some.endpoint(6));
    }

    @Test
    void fillsTheLastSubsetFromTheBeginning() {
        Subsets subsets = new Subsets(7, 3);
        List<Integer> last = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            last.add(subsets.member(2, i));
        }

        assertThat(last).containsExactly(6, 0, 1);
    }

    @Test
    void sendsASecondTryToTheSameEndpoint() {
        Candidates three = Some.candidates(3);

        assertThat(new ByRing().next(three, List.of(three.get(0)), crc("/"), 0)).isZero();
    }

    @Test
    void writesIpv6InBrackets() {
        assertThat(new Endpoint("fd00::1", 8080, "")).hasToString("[fd00::1]:8080");
    }
}
