package dev.linnet.machine.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BalancerTest {

    private static final InetAddress CALLER = InetAddress.ofLiteral("127.70.0.9");
    private static final InetSocketAddress A = new InetSocketAddress(InetAddress.ofLiteral("127.70.0.2"), 80);
    private static final InetSocketAddress B = new InetSocketAddress(InetAddress.ofLiteral("127.70.0.3"), 80);
    private static final InetSocketAddress C = new InetSocketAddress(InetAddress.ofLiteral("127.70.0.4"), 80);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void sendsEachEndpointTheSameShare() {
        Balancer balancer = balancer(Optional.empty(), A, B, C);
        Map<InetSocketAddress, Integer> counts = new HashMap<>();

        for (int i = 0; i < 300; i++) {
            counts.merge(balancer.order(CALLER).getFirst(), 1, Integer::sum);
        }

        assertThat(counts).containsOnly(Map.entry(A, 100), Map.entry(B, 100), Map.entry(C, 100));
    }

    @Test
    void offersAllOthersAfterTheFirst() {
        assertThat(balancer(Optional.empty(), A, B, C).order(CALLER)).containsExactlyInAnyOrder(A, B, C);
        assertThat(balancer(Optional.empty()).order(CALLER)).isEmpty();
    }

    @Test
    void keepsACallerAtItsEndpointUntilItWasAwayTooLong() {
        Balancer balancer = balancer(Optional.of(Duration.ofMinutes(1)), A, B, C);
        balancer.connected(CALLER, C);

        now = now.plusSeconds(60);
        assertThat(balancer.order(CALLER).getFirst()).isEqualTo(C);
        assertThat(balancer.order(CALLER).getFirst()).isEqualTo(C);

        now = now.plusSeconds(1);
        assertThat(Stream.generate(() -> balancer.order(CALLER).getFirst()).limit(3))
                .containsExactlyInAnyOrder(A, B, C);
    }

    @Test
    void findsACallerAnotherEndpointWhenItsOwnIsGone() {
        Balancer balancer = balancer(Optional.of(Duration.ofMinutes(1)), A, B, C);
        balancer.connected(CALLER, C);

        balancer.use(backends(Optional.of(Duration.ofMinutes(1)), A, B));

        assertThat(balancer.order(CALLER)).containsExactlyInAnyOrder(A, B);
    }

    private Balancer balancer(Optional<Duration> affinity, InetSocketAddress... ready) {
        return new Balancer(backends(affinity, ready), () -> now);
    }

    private static Backends backends(Optional<Duration> affinity, InetSocketAddress... ready) {
        return new Backends("test/web", "http", List.of(ready), affinity);
    }
}
