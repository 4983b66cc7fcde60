package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.manifests.flagger.CanaryPlan.AlertRef;
import dev.linnet.manifests.flagger.CanaryPlan.Measuring;
import dev.linnet.manifests.flagger.CanaryPlan.ReadyThresholds;
import dev.linnet.manifests.flagger.CanaryPlan.ScalerRef;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.plan.Options;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.plan.Routing;
import dev.linnet.rollout.plan.TargetKind;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a Canary that the API server has validated against Flagger's schema. */
public final class CanaryReader {
    private static final Duration LONGEST_DEADLINE = Duration.ofDays(1);
    private static final int MUST_BE_WRITTEN = 0;
    private static final int HTTP = 80;

    private final ObjectMeta metadata;
    private final JsonNode spec;
    private final String provider;

    private CanaryReader(ObjectMeta metadata, JsonNode spec, String usualProvider) {
        this.metadata = metadata;
        this.spec = spec;
        this.provider = spec.path("provider").asText(usualProvider);
    }

    /**
     * Reads one.
     *
     * @param usualProvider routes where the Canary names no provider
     * @throws UnreadableCanary with what is wrong and what would be right
     */
    public static CanaryPlan read(ObjectMeta metadata, JsonNode spec, String usualProvider) throws UnreadableCanary {
        return new CanaryReader(metadata, spec, usualProvider).plan();
    }

    private CanaryPlan plan() throws UnreadableCanary {
        JsonNode analysis = spec.path("analysis");
        Release release = new Release(names(), kind(), routing(), AnalysisReader.read(metadata, analysis), options());
        return new CanaryPlan(
                release,
                ServiceReader.read(spec.path("service"), isOfKnative(spec) ? HTTP : MUST_BE_WRITTEN),
                text(spec.path("ingressRef").path("name")),
                scaler(),
                new ReadyThresholds(
                        analysis.path("primaryReadyThreshold").asInt(100),
                        analysis.path("canaryReadyThreshold").asInt(100)),
                measuring(),
                alerts(analysis.path("alerts")));
    }

    private Measuring measuring() {
        return new Measuring(
                text(spec.path("metricsServer")),
                text(spec.path("routeRef").path("name"))
                        .orElseGet(() -> spec.path("targetRef").path("name").asText()));
    }

    private Names names() {
        String target = spec.path("targetRef").path("name").asText();
        String service = spec.path("service").path("name").asText("");
        return new Names(metadata.getName(), metadata.getNamespace(), target, service.isEmpty() ? target : service);
    }

    /** Whether its target is a Knative Service. */
    private static boolean isOfKnative(JsonNode spec) {
        return spec.path("targetRef").path("apiVersion").asText().startsWith(KnativeService.GROUP + "/");
    }

    private TargetKind kind() throws UnreadableCanary {
        String kind = spec.path("targetRef").path("kind").asText();
        if (isOfKnative(spec)) {
            return knative(kind);
        }
        if (provider.equals(KnativeService.PROVIDER)) {
            throw new UnreadableCanary(
                    "targetRef is " + spec.path("targetRef").path("apiVersion").asText() + "/" + kind
                            + " (expected with provider knative: " + KnativeService.API_VERSION + "/Service)");
        }
        return switch (kind) {
            case "Deployment" -> TargetKind.DEPLOYMENT;
            case "DaemonSet" -> TargetKind.DAEMON_SET;
            case "Service" -> service();
            default ->
                throw new UnreadableCanary(
                        "targetRef.kind is " + kind + " (expected: Deployment, DaemonSet or Service)");
        };
    }

    /** Who routes to its revisions, and who scales them, is Knative. */
    private TargetKind knative(String kind) throws UnreadableCanary {
        if (!kind.equals("Service")) {
            throw new UnreadableCanary(
                    "targetRef.kind is " + kind + " (expected of " + KnativeService.GROUP + ": Service)");
        }
        if (!provider.equals(KnativeService.PROVIDER)) {
            throw new UnreadableCanary(
                    "provider is " + provider + " (expected with a Knative Service as target: knative)");
        }
        if (spec.has("autoscalerRef")) {
            throw new UnreadableCanary("autoscalerRef is there (expected with a Knative Service as target: none, since"
                    + " Knative scales its revisions)");
        }
        return TargetKind.KNATIVE;
    }

    /** An Ingress leads to the very Service that is changed: nobody would be spared the new version. */
    private TargetKind service() throws UnreadableCanary {
        if (provider.equals("nginx")) {
            throw new UnreadableCanary(
                    "targetRef.kind is Service (expected with provider nginx: Deployment or DaemonSet)");
        }
        return TargetKind.SERVICE;
    }

    private Routing routing() throws UnreadableCanary {
        Routing routing = Providers.named(provider)
                .orElseThrow(() -> new UnreadableCanary("provider " + provider + " " + Providers.instead(provider)));
        if (provider.equals("nginx")
                && text(spec.path("ingressRef").path("name")).isEmpty()) {
            throw new UnreadableCanary("ingressRef is missing (expected: the Ingress that provider nginx routes by)");
        }
        if (provider.equals("istio")
                && spec.path("service").path("appProtocol").asText().equalsIgnoreCase("tcp")) {
            throw new UnreadableCanary(
                    "service.appProtocol is tcp (expected with provider istio: HTTP, since shares of connections are not here"
                            + " yet)");
        }
        return routing;
    }

    private Options options() {
        long deadline = spec.path("progressDeadlineSeconds").asLong(Options.DEFAULT_PROGRESS_DEADLINE.toSeconds());
        return new Options(
                spec.path("skipAnalysis").asBoolean(),
                spec.path("suspend").asBoolean(),
                spec.path("revertOnDeletion").asBoolean(),
                !"false".equals(annotation("linnet.dev/fast-abort").orElse("true")),
                spec.has("autoscalerRef"),
                Duration.ofSeconds(Math.clamp(deadline, 1, LONGEST_DEADLINE.toSeconds())));
    }

    private Optional<String> annotation(String key) {
        return Optional.ofNullable(metadata.getAnnotations()).map(all -> all.get(key));
    }

    private Optional<ScalerRef> scaler() {
        JsonNode ref = spec.path("autoscalerRef");
        if (ref.isMissingNode()) {
            return Optional.empty();
        }
        JsonNode replicas = ref.path("primaryScalerReplicas");
        return Optional.of(new ScalerRef(
                ref.path("kind").asText(),
                ref.path("name").asText(),
                number(replicas.path("minReplicas")),
                number(replicas.path("maxReplicas")),
                ServiceReader.map(ref.path("primaryScalerQueries"))));
    }

    private List<AlertRef> alerts(JsonNode alerts) {
        List<AlertRef> read = new ArrayList<>();
        for (JsonNode alert : alerts) {
            JsonNode ref = alert.path("providerRef");
            read.add(new AlertRef(
                    alert.path("name").asText(),
                    alert.path("severity").asText(""),
                    ref.path("name").asText(),
                    ref.path("namespace").asText(metadata.getNamespace())));
        }
        return read;
    }

    static Optional<String> text(JsonNode node) {
        return node.isTextual() && !node.asText().isBlank() ? Optional.of(node.asText()) : Optional.empty();
    }

    private static Optional<Integer> number(JsonNode node) {
        return node.isNumber() ? Optional.of(node.asInt()) : Optional.empty();
    }
}
