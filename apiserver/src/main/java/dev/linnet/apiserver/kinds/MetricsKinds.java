package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.apiserver.kinds.ResourceKind.Column;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** What nodes and Pods use, as metrics-server tells it. Objects of these kinds are measured when asked for, and never stored. */
public final class MetricsKinds {
    private static final String GROUP = "metrics.k8s.io";
    private static final String VERSION = "v1beta1";

    private MetricsKinds() {}

    public static List<ResourceKind> all() {
        return List.of(nodes(), pods());
    }

    private static ResourceKind nodes() {
        return Kinds.kind(GROUP, VERSION, "NodeMetrics")
                .plural("nodes")
                .singular("")
                .clusterScoped()
                .table(Table.named()
                        .and(usage("CPU", row -> used(List.of(row.object()), "cpu")))
                        .and(usage("Memory", row -> used(List.of(row.object()), "memory")))
                        .and(usage("Window", row -> row.text("window"))))
                .declare();
    }

    private static ResourceKind pods() {
        return Kinds.kind(GROUP, VERSION, "PodMetrics")
                .plural("pods")
                .singular("")
                .table(Table.named()
                        .and(usage("CPU", row -> used(row.at("containers"), "cpu")))
                        .and(usage("Memory", row -> used(row.at("containers"), "memory")))
                        .and(usage("Window", row -> row.text("window"))))
                .declare();
    }

    private static Table.Entry usage(String name, Function<Table.Row, Object> cell) {
        return new Table.Entry(new Column(name, "string", "quantity", name, 0), cell);
    }

    /** The sum of all of them. */
    private static String used(Iterable<? extends JsonNode> measured, String resource) {
        return StreamSupport.stream(measured.spliterator(), false)
                .flatMap(
                        each -> Quantity.parse(each.path("usage").path(resource).asText("")).stream())
                .reduce((one, other) -> new Quantity(one.value().add(other.value()), one.form()))
                .orElse(new Quantity(BigDecimal.ZERO, Quantity.Form.DECIMAL))
                .canonical();
    }
}
