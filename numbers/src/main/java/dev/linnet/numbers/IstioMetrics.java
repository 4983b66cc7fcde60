package dev.linnet.numbers;

import dev.linnet.numbers.Layout.Histogram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls under Istio's names and labels (spec of Istio, §4.3), so that its dashboards and Flagger's queries work. A gateway stands for the
 * proxies of both ends: what has reached a Pod is told once for each reporter, anything else by the source alone.
 */
public final class IstioMetrics implements MetricSource {
    private static final String REQUESTS = "istio_requests_total";

    private final CallReading reading;

    public IstioMetrics(CallReading reading) {
        this.reading = reading;
    }

    @Override
    public void writeTo(PrometheusPage page) {
        if (reading.entries().isEmpty()) {
            return;
        }
        List<Line> lines = lines(page);
        page.family(REQUESTS, PrometheusPage.MetricType.COUNTER, "Requests by who called whom");
        lines.forEach(line -> page.line(REQUESTS, line.labels, Long.toString(line.row[Layout.REQUESTS])));
        write(page, lines, "istio_request_duration_milliseconds", Measure.REQUEST_DURATION, 1000);
        write(page, lines, "istio_request_bytes", Measure.REQUEST_SIZE, 1);
        write(page, lines, "istio_response_bytes", Measure.RESPONSE_SIZE, 1);
    }

    /** @param labels as they are written between braces */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Line(String labels, long[] row) {}

    private static void write(PrometheusPage page, List<Line> lines, String name, Measure measure, double unit) {
        Histogram histogram = Recorder.CALLS.of(measure);
        page.family(name, PrometheusPage.MetricType.HISTOGRAM, measure.help());
        lines.forEach(line -> page.histogram(name, histogram, unit, line.labels, line.row));
    }

    private List<Line> lines(PrometheusPage page) {
        List<Line> lines = new ArrayList<>();
        reading.entries()
                .forEach((call, entry) -> byEnd(entry).forEach((end, row) -> {
                    lines.add(new Line(page.joined(labels(call, end, "source")), row));
                    if (call.destination().kind() == Graph.Kind.WORKLOAD) {
                        lines.add(new Line(page.joined(labels(call, end, "destination")), row));
                    }
                }));
        return lines;
    }

    /** How requests have ended. */
    private record End(int status, String flag) {}

    private static Map<End, long[]> byEnd(Reading.Entry entry) {
        Map<End, long[]> rows = new LinkedHashMap<>();
        entry.rows.forEach((key, row) ->
                rows.merge(new End(key.status(), flag(key.failure())), row.clone(), (one, other) -> {
                    for (int i = 0; i < one.length; i++) {
                        one[i] += other[i];
                    }
                    return one;
                }));
        return rows;
    }

    private static Map<String, String> labels(Call call, End end, String reporter) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("reporter", reporter);
        peer(labels, "source", call.source());
        if (call.destination().kind() == Graph.Kind.WORKLOAD) {
            peer(labels, "destination", call.destination());
        } else {
            peer(labels, "destination", Call.Peer.UNKNOWN);
        }
        labels.put("destination_service", call.service() + "." + call.namespace() + ".svc.cluster.local");
        labels.put("destination_service_name", call.service());
        labels.put("destination_service_namespace", call.namespace());
        labels.put("request_protocol", "http");
        labels.put("response_code", Integer.toString(end.status));
        labels.put("response_flags", end.flag);
        labels.put("grpc_response_status", "");
        labels.put("connection_security_policy", reporter.equals("source") ? "unknown" : "none");
        return labels;
    }

    /** What Envoy calls it (spec of Istio, §4.4). */
    private static String flag(Failure failure) {
        return switch (failure) {
            case NONE, CLIENT_TIMEOUT, STOPPED -> "-";
            case BAD_REQUEST -> "DPE";
            case CLIENT_ABORT -> "DC";
            case NO_ROUTE -> "NR";
            case NO_ENDPOINTS -> "UH";
            case OVERFLOW -> "UO";
            case CONNECT, CONNECT_TIMEOUT -> "UF";
            case SEND_TIMEOUT, READ_TIMEOUT -> "UT";
            case RESET -> "UC";
            case BAD_RESPONSE -> "UPE";
        };
    }

    private static void peer(Map<String, String> labels, String end, Call.Peer peer) {
        boolean known = peer.kind() != Graph.Kind.UNKNOWN;
        labels.put(end + "_workload", peer.workload());
        labels.put(end + "_workload_namespace", orUnknown(peer.namespace()));
        labels.put(end + "_principal", "unknown");
        labels.put(end + "_app", orUnknown(peer.app()));
        labels.put(end + "_version", orUnknown(peer.version()));
        labels.put(end + "_cluster", known ? "Kubernetes" : "unknown");
        labels.put(end + "_canonical_service", peer.app().isEmpty() ? peer.workload() : peer.app());
        labels.put(end + "_canonical_revision", peer.version().isEmpty() ? "latest" : peer.version());
    }

    private static String orUnknown(String text) {
        return text.isEmpty() ? "unknown" : text;
    }
}
