package dev.linnet.cli;

import dev.linnet.gateway.ObservingSettings;
import dev.linnet.gateway.log.AccessLogSettings;
import dev.linnet.numbers.BucketLimits;
import dev.linnet.numbers.RequestMetrics;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@link GatewayOptions} that say what is told of requests. Names as ingress-nginx has them where it has them. */
final class ObservingOptions {

    @Option(
            names = "--access-log",
            paramLabel = "off|nginx|json",
            description = "A line for each request on standard output (default: nginx, as ingress-nginx writes it; in a"
                    + " local cluster off).")
    private Optional<AccessLogSettings.Form> accessLog = Optional.empty();

    @Option(
            names = "--metrics-per-host",
            paramLabel = "true|false",
            defaultValue = "true",
            arity = "1",
            description = "Whether metrics have the label host (default: ${DEFAULT-VALUE}).")
    private boolean perHost = true;

    @Option(
            names = "--metrics-per-undefined-host",
            paramLabel = "true|false",
            defaultValue = "false",
            arity = "0..1",
            fallbackValue = "true",
            description = "Whether metrics name hosts that no Ingress names (default: ${DEFAULT-VALUE}).")
    private boolean perUndefinedHost;

    @Option(
            names = "--report-status-classes",
            paramLabel = "true|false",
            defaultValue = "false",
            arity = "0..1",
            fallbackValue = "true",
            description = "Whether metrics say 2xx instead of 200 (default: ${DEFAULT-VALUE}).")
    private boolean statusClasses;

    @Option(
            names = "--exclude-socket-metrics",
            paramLabel = "METRIC",
            split = ",",
            description = "Metrics of requests to leave out.")
    private List<String> excluded = List.of();

    @Option(
            names = "--time-buckets",
            paramLabel = "SECONDS",
            split = ",",
            description = "Upper limits of the buckets of durations (default: 0.005 to 10).")
    private List<Double> time = BucketLimits.DEFAULT.time();

    @Option(
            names = "--length-buckets",
            paramLabel = "BYTES",
            split = ",",
            description = "Upper limits of the buckets of request and response sizes (default: 10 to 100).")
    private List<Double> length = BucketLimits.DEFAULT.length();

    @Option(
            names = "--size-buckets",
            paramLabel = "BYTES",
            split = ",",
            description = "Upper limits of the buckets of bytes sent (default: 10 to 1e+07).")
    private List<Double> size = BucketLimits.DEFAULT.size();

    /**
     * What they come to.
     *
     * @param usually what is written of requests, and where, unless the option says so
     * @param env     who it is, and who takes spans
     */
    ObservingSettings settings(String controllerClass, AccessLogSettings usually, Map<String, String> env) {
        try {
            return new ObservingSettings(
                    controllerClass,
                    OwnPod.of(env).namespace(),
                    new RequestMetrics.Options(perHost, perUndefinedHost, statusClasses, new HashSet<>(excluded)),
                    new BucketLimits(time, length, size),
                    accessLog
                            .map(form -> new AccessLogSettings(form, usually.sink()))
                            .orElse(usually),
                    TracingEnvironment.options(env));
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
    }
}
