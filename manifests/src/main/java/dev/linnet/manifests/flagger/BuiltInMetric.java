package dev.linnet.manifests.flagger;

import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.plan.TargetKind;

/**
 * What Prometheus knows of a data plane's requests (spec of Flagger, §5.3).
 *
 * @param requests the counter of requests
 * @param selector of the canary's
 * @param good     what more selects those that did not fail
 * @param timing   how long they take
 */
record BuiltInMetric(String requests, String selector, String good, Timing timing) {

    /** How long requests take. */
    sealed interface Timing {
        /** The 99th percentile of a histogram, times what makes milliseconds of its unit. */
        record Percentile(String buckets, int factor) implements Timing {}

        /** The average in seconds of a sum and a count. */
        record Average(String sum, String count) implements Timing {}
    }

    static BuiltInMetric nginx(Names names, String ingress) {
        String duration = "nginx_ingress_controller_response_duration_seconds";
        return new BuiltInMetric(
                "nginx_ingress_controller_requests",
                "namespace=" + quoted(names.namespace()) + ",ingress=" + quoted(ingress) + ",canary!=\"\"",
                "status!~\"5.*\"",
                new Timing.Average(duration + "_sum", duration + "_count"));
    }

    static BuiltInMetric istio(Names names) {
        return new BuiltInMetric(
                "istio_requests_total",
                "reporter=\"destination\",destination_workload_namespace=" + quoted(names.namespace())
                        + ",destination_workload=~" + quoted(names.target()),
                "response_code!~\"5.*\"",
                new Timing.Percentile("istio_request_duration_milliseconds_bucket", 1));
    }

    /**
     * Of programs that count their own requests: providers {@code kubernetes} and {@code gatewayapi}. Names of a Deployment's Pods end in two
     * parts, those of a DaemonSet's in one: its primary's do not look like the canary's.
     */
    static BuiltInMetric pods(Names names, TargetKind kind) {
        String end = kind == TargetKind.DAEMON_SET ? "-[0-9a-zA-Z]+" : "-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)";
        return new BuiltInMetric(
                "http_request_duration_seconds_count",
                "kubernetes_namespace=" + quoted(names.namespace()) + ",kubernetes_pod_name=~"
                        + quoted(names.target() + end),
                "status!~\"5.*\"",
                new Timing.Percentile("http_request_duration_seconds_bucket", 1000));
    }

    /** Of the Envoys of Knative's networking layer: a cluster for each revision. */
    static BuiltInMetric knative(Names names, String revision) {
        return new BuiltInMetric(
                "envoy_cluster_upstream_rq",
                "envoy_cluster_name=~" + quoted(names.namespace() + "/" + revision),
                "envoy_response_code!~\"5.*\"",
                new Timing.Percentile("envoy_cluster_upstream_rq_time_bucket", 1));
    }

    String successRate(String window) {
        return "100 * " + sum(requests, selector + "," + good, window) + " / " + sum(requests, selector, window);
    }

    String duration(String window) {
        return switch (timing) {
            case Timing.Percentile(String buckets, int factor) ->
                (factor == 1 ? "" : factor + " * ") + "histogram_quantile(0.99, sum by (le) (rate(" + buckets + "{"
                        + selector + "}" + window + ")))";
            case Timing.Average(String sum, String count) ->
                "1000 * " + sum(sum, selector, window) + " / " + sum(count, selector, window);
        };
    }

    private static String sum(String metric, String selector, String window) {
        return "sum(rate(" + metric + "{" + selector + "}" + window + "))";
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
