package dev.linnet.gateway.status;

import dev.linnet.numbers.MetricSource;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.numbers.PrometheusPage.MetricType;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Whether this gateway writes statuses and Events for all (spec of ingress-nginx, §6.3).
 *
 * @param lease by whose holder they are written
 */
record LeaderMetric(String lease, BooleanSupplier leads) implements MetricSource {
    private static final String NAME = "leader_election_status";

    @Override
    public void writeTo(PrometheusPage page) {
        page.family(
                NAME,
                MetricType.GAUGE,
                "Gauge reporting status of the leader election, 0 indicates follower,"
                        + " 1 indicates leader. 'name' is the string used to identify the lease");
        page.sample(NAME, Map.of("name", lease), leads.getAsBoolean() ? 1 : 0);
    }
}
