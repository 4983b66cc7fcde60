package dev.linnet.manifests.istio;

import static dev.linnet.manifests.istio.Reviews.objects;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.Problem;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Subset;
import dev.linnet.routing.policy.TrafficPolicy;
import dev.linnet.routing.policy.TrafficPolicy.Outliers;
import dev.linnet.routing.policy.TrafficPolicy.Pool;
import dev.linnet.routing.policy.TrafficPolicy.Version;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of the blocks of DestinationRules counts for a request (spec §2.2, §2.4, §2.6). */
final class TrafficPoliciesTest {
    private static final String RULE = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews, namespace: shop}
            spec:
              host: reviews
              trafficPolicy:
                connectionPool:
                  tcp: {maxConnections: 100, connectTimeout: 30ms}
                  http: {http1MaxPendingRequests: 10, http2MaxRequests: 1000, maxRetries: 3, maxRequestsPerConnection: 5}
                outlierDetection: {consecutive5xxErrors: 7, interval: 5m, baseEjectionTime: 15m}
                portLevelSettings:
                - port: {number: 8080}
                  connectionPool: {tcp: {maxConnections: 8}}
              subsets:
              - name: v1
                labels: {version: v1}
              - name: v2
                labels: {version: v2}
                trafficPolicy:
                  outlierDetection:
                    consecutiveGatewayErrors: 2
                    maxEjectionPercent: 50
                    minHealthPercent: 30
                    splitExternalLocalOriginErrors: true
                    consecutiveLocalOriginFailures: 4
            ---
            """;

    private static final Pool POOL = new Pool(100, 10, 1000, 3, 5, Optional.of(Duration.ofMillis(30)));
    private static final Outliers SEVEN = new Outliers(7, 0, 0, Duration.ofMinutes(5), Duration.ofMinutes(15), 10, 0);

    private static TrafficPolicy policy(String yaml, String subset, int port) {
        ServiceRef ref = new ServiceRef("shop", "reviews", String.valueOf(port));
        return objects(yaml)
                .policies(Optional.empty())
                .of(
                        subset.isEmpty() ? ref : ref.of(Subset.of(subset, Map.of("version", subset))),
                        OptionalInt.of(port));
    }

    private static List<String> problems(String yaml) {
        return objects(yaml).edge().problems().stream().map(Problem::toString).toList();
    }

    @Test
    void readsLimitsAndOutliers() {
        assertThat(policy(RULE, "", 80)).isEqualTo(TrafficPolicy.of(POOL, Optional.of(SEVEN)));
        assertThat(policy(RULE, "v1", 80)).isEqualTo(TrafficPolicy.of(POOL, Optional.of(SEVEN)));
        assertThat(problems(RULE)).isEmpty();
    }

    @Test
    void replacesABlockAsAWholeWhereASubsetHasItsOwn() {
        Outliers own = new Outliers(5, 2, 4, Duration.ofSeconds(10), Duration.ofSeconds(30), 50, 30);

        assertThat(policy(RULE, "v2", 80)).isEqualTo(TrafficPolicy.of(POOL, Optional.of(own)));
    }

    @Test
    void takesNothingButThePortsOwnSettingsWhereItHasSome() {
        Pool eight = new Pool(8, Pool.LONGEST_LINE, 0, 0, 0, Optional.empty());

        assertThat(policy(RULE, "", 8080)).isEqualTo(TrafficPolicy.of(eight, Optional.empty()));
        assertThat(policy(RULE, "v2", 8080)).isEqualTo(TrafficPolicy.of(eight, Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "'{useClientProtocol: true}', OF_CLIENT, OF_CLIENT",
        "'{h2UpgradePolicy: UPGRADE}', HTTP_2, HTTP_2",
        "'{h2UpgradePolicy: DO_NOT_UPGRADE}', HTTP_1, HTTP_2_BY_PORT",
        "'{useClientProtocol: false}', HTTP_1, HTTP_2_BY_PORT"
    })
    void saysInWhichVersionOfHttpEndpointsAreSpokenTo(String http, Version said, Version whereThePortSaysHttp2) {
        String rule = """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews, namespace: shop}
                spec:
                  host: reviews
                  trafficPolicy: {connectionPool: {http: %s}}
                """.formatted(http);

        assertThat(problems(rule)).isEmpty();
        assertThat(policy(rule, "", 80).version()).isEqualTo(said);
        assertThat(policy(rule, "", 80).overHttp2().version()).isEqualTo(whereThePortSaysHttp2);
    }

    @Test
    void keepsTheFirstPolicyOfSeveralRulesForOneHost() {
        String two = RULE + """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: young, namespace: shop, creationTimestamp: "2026-01-02T00:00:00Z"}
                spec:
                  host: reviews
                  trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}}}
                ---
                """;
        String older = two.replace(
                "name: reviews, namespace", "name: reviews, creationTimestamp: \"2026-01-01T00:00:00Z\", namespace");
        String younger = two.replace(
                "name: reviews, namespace", "name: reviews, creationTimestamp: \"2026-01-03T00:00:00Z\", namespace");

        assertThat(policy(older, "", 80).pool()).isEqualTo(POOL);
        assertThat(policy(younger, "", 80).pool().connections()).isEqualTo(1);
    }

    @Test
    void saysWhatIsNotObeyedAndWhatIsWrong() {
        String wrong = """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews, namespace: shop}
                spec:
                  host: reviews
                  trafficPolicy:
                    connectionPool:
                      tcp: {connectTimeout: soon, tcpKeepalive: {time: 10s}}
                      http: {h2UpgradePolicy: UPGRADE, useClientProtocol: true, maxRetries: -1}
                    outlierDetection: {maxEjectionPercent: 200, consecutiveErrors: 3}
                """;

        assertThat(problems(wrong))
                .containsExactlyInAnyOrder(
                        "DestinationRule shop/reviews: spec.trafficPolicy.connectionPool.tcp.connectTimeout is \"soon\" (expected: a duration such as 500ms or 1m30s)",
                        "DestinationRule shop/reviews: spec.trafficPolicy.connectionPool.tcp.tcpKeepalive is not obeyed yet",
                        "DestinationRule shop/reviews: spec.trafficPolicy.connectionPool.http.h2UpgradePolicy is UPGRADE beside useClientProtocol (expected: one of them): endpoints are spoken to as clients speak",
                        "DestinationRule shop/reviews: spec.trafficPolicy.connectionPool.http.maxRetries is -1 (expected: 0 or more)",
                        "DestinationRule shop/reviews: spec.trafficPolicy.outlierDetection.maxEjectionPercent is 200 (expected: 0 to 100)",
                        "DestinationRule shop/reviews: spec.trafficPolicy.outlierDetection.consecutiveErrors is not obeyed yet");
    }
}
