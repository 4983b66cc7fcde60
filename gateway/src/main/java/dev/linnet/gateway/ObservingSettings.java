package dev.linnet.gateway;

import dev.linnet.gateway.log.AccessLogSettings;
import dev.linnet.numbers.BucketLimits;
import dev.linnet.numbers.RequestMetrics;
import dev.linnet.routing.policy.TracingOptions;
import java.util.Map;

/**
 * What a gateway tells of its requests.
 *
 * @param controllerClass     the controller that it stands for, as a label of its metrics
 * @param controllerNamespace where it runs, likewise
 * @param requests            which of its metrics are shown
 * @param buckets             of their histograms
 * @param log                 the access log
 * @param tracing             spans of requests, as long as no ConfigMap names a collector
 */
public record ObservingSettings(
        String controllerClass,
        String controllerNamespace,
        RequestMetrics.Options requests,
        BucketLimits buckets,
        AccessLogSettings log,
        TracingOptions tracing) {

    public static final ObservingSettings DEFAULT = new ObservingSettings(
            "linnet.dev/gateway",
            "linnet-system",
            RequestMetrics.Options.DEFAULT,
            BucketLimits.DEFAULT,
            AccessLogSettings.OFF,
            TracingOptions.OFF);

    public ObservingSettings withLog(AccessLogSettings settings) {
        return new ObservingSettings(controllerClass, controllerNamespace, requests, buckets, settings, tracing);
    }

    public ObservingSettings withRequests(RequestMetrics.Options options) {
        return new ObservingSettings(controllerClass, controllerNamespace, options, buckets, log, tracing);
    }

    /** The labels of all metrics (spec of ingress-nginx, §6). */
    Map<String, String> labels(String pod) {
        return Map.of(
                "controller_class", controllerClass,
                "controller_namespace", controllerNamespace,
                "controller_pod", pod);
    }
}
