package dev.linnet.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.balance.Loads;
import dev.linnet.numbers.Failure;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.TrafficPolicy;
import dev.linnet.routing.policy.TrafficPolicy.Outliers;
import dev.linnet.routing.policy.TrafficPolicy.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which endpoints are left out, and until when (spec of Istio, §2.6). */
final class LiveEndpointsTest {
    private static final long SECOND = 1_000_000_000L;

    private final LiveEndpoints live = new LiveEndpoints(new ServiceRef("shop", "web", "80"));
    private final Loads loads = new Loads();
    private long now = -5 * SECOND; // nanoTime may be negative

    private static Endpoint pod(int number) {
        return new Endpoint("10.0.0." + number, 8080, "shop/web-" + number);
    }

    private static List<Endpoint> pods(int count) {
        List<Endpoint> pods = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            pods.add(pod(i));
        }
        return pods;
    }

    private static Outliers rules(int errors, int gatewayErrors, int localErrors, int mostPercent, int healthyPercent) {
        return new Outliers(
                errors,
                gatewayErrors,
                localErrors,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                mostPercent,
                healthyPercent);
    }

    private void has(int endpoints, Outliers rules) {
        live.replace(pods(endpoints), loads);
        live.obey(TrafficPolicy.of(Pool.UNLIMITED, Optional.of(rules)));
        live.settle(now);
    }

    private void answers(int pod, int... statuses) {
        for (int status : statuses) {
            live.answered(pod(pod), status, now);
        }
    }

    /** Looks once in each interval of these seconds. */
    private void passes(int seconds) {
        for (int i = 0; i < seconds; i += 10) {
            now += 10 * SECOND;
            live.settle(now);
        }
    }

    @Test
    void leavesOutWhoAnswersWithErrorsInARow() {
        has(3, rules(3, 0, 0, 100, 0));

        answers(1, 500, 500, 200, 500, 500);
        assertThat(live.ready()).containsExactlyElementsOf(pods(3));

        answers(1, 500);
        assertThat(live.ready()).containsExactly(pod(2), pod(3));
        assertThat(live.all()).containsExactlyElementsOf(pods(3));
    }

    @Test
    void countsGatewayErrorsApart() {
        has(3, rules(0, 2, 0, 100, 0));

        answers(1, 500, 500, 500, 502, 500, 503);
        assertThat(live.ready()).hasSize(3);

        answers(1, 504);
        assertThat(live.ready()).containsExactly(pod(2), pod(3));
    }

    @Test
    void countsFailuresToGetAnAnswerAsErrorsUnlessTheyAreSplitOff() {
        has(2, rules(2, 0, 0, 100, 0));
        live.failed(pod(1), Failure.CONNECT, now);
        live.failed(pod(1), Failure.CLIENT_ABORT, now);
        assertThat(live.ready()).hasSize(2);
        live.failed(pod(1), Failure.READ_TIMEOUT, now);
        assertThat(live.ready()).containsExactly(pod(2));

        has(2, rules(2, 0, 3, 100, 0));
        live.failed(pod(1), Failure.CONNECT, now);
        live.failed(pod(1), Failure.CONNECT, now);
        assertThat(live.ready()).hasSize(2);
        live.failed(pod(1), Failure.CONNECT, now);
        assertThat(live.ready()).containsExactly(pod(2));
    }

    @Test
    void letsAnEndpointComeBackAndLeavesItOutForLongerTheNextTime() {
        has(2, rules(1, 0, 0, 100, 0));
        answers(1, 500);
        passes(20);
        assertThat(live.ready()).containsExactly(pod(2));
        passes(10);
        assertThat(live.ready()).hasSize(2);

        answers(1, 500);
        passes(50);
        assertThat(live.ready()).containsExactly(pod(2));
        passes(10);
        assertThat(live.ready()).hasSize(2);
    }

    @Test
    void forgivesWhoBehavesForAnInterval() {
        has(2, rules(1, 0, 0, 100, 0));
        answers(1, 500);
        passes(30);
        passes(10);

        answers(1, 500);
        passes(30);
        assertThat(live.ready()).hasSize(2);
    }

    @Test
    void leavesOutNoMoreThanMayBeButOneInAnyCase() {
        has(10, rules(1, 0, 0, 20, 0));
        answers(1, 500);
        answers(2, 500);
        answers(3, 500);
        assertThat(live.ready()).hasSize(8).doesNotContain(pod(1), pod(2));

        has(2, rules(1, 0, 0, 10, 0));
        answers(1, 500);
        answers(2, 500);
        assertThat(live.ready()).containsExactly(pod(2));
    }

    @Test
    void asksEverybodyWhereTooFewAreHealthy() {
        has(4, rules(1, 0, 0, 100, 50));
        answers(1, 500);
        answers(2, 500);
        assertThat(live.ready()).containsExactly(pod(3), pod(4));

        answers(3, 500);
        assertThat(live.ready()).hasSize(4);
    }

    @Test
    void forgetsEndpointsThatAreGoneAndRulesThatAreTakenBack() {
        has(3, rules(1, 0, 0, 100, 0));
        answers(1, 500);
        live.replace(List.of(pod(2), pod(3), pod(4)), loads);
        live.replace(pods(4), loads);
        assertThat(live.ready()).hasSize(4);

        answers(2, 500);
        live.obey(TrafficPolicy.NONE);
        assertThat(live.ready()).hasSize(4);
        answers(2, 500);
        assertThat(live.ready()).hasSize(4);
    }

    @Test
    void leavesOutNobodyAnyMoreOnceTheRulesAreTakenBackHoweverBusyEventLoopsAre() throws Exception {
        live.replace(pods(2), loads);
        try (ExecutorService loop = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < 100; round++) {
                live.obey(TrafficPolicy.of(Pool.UNLIMITED, Optional.of(rules(1, 0, 0, 100, 0))));
                CountDownLatch begun = new CountDownLatch(1);
                Future<?> busy = loop.submit(() -> {
                    begun.countDown();
                    for (int i = 0; i < 50; i++) {
                        live.answered(pod(1 + i % 2), 500, 0);
                    }
                });
                begun.await();
                live.obey(TrafficPolicy.NONE);
                busy.get(10, TimeUnit.SECONDS);

                assertThat(live.ready()).as("round %s", round).hasSize(2);
            }
        }
    }
}
