package dev.linnet.gateway.feed;

import dev.linnet.numbers.MetricSource;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.numbers.PrometheusPage.MetricType;
import java.util.Comparator;
import java.util.Map;

/** Shows the Ingresses that lead to a Service which cannot serve, as ingress-nginx does (spec, §6.3). */
public final class Orphans implements MetricSource {
    private static final String NAME = "orphan_ingress";

    private final Feed feed;

    public Orphans(Feed feed) {
        this.feed = feed;
    }

    @Override
    public void writeTo(PrometheusPage page) {
        page.family(NAME, MetricType.GAUGE, "Ingresses without a Service or without endpoints, 1 for each");
        feed.followed().stream()
                .filter(object -> object.lack().isPresent())
                .sorted(Comparator.comparing(object -> object.object().toString()))
                .forEach(object -> page.sample(NAME, labels(object), 1));
    }

    private static Map<String, String> labels(FollowedObject object) {
        return Map.of(
                "namespace",
                object.object().namespace(),
                "ingress",
                object.object().name(),
                "type",
                object.lack().map(Lack::label).orElse(""));
    }
}
