package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.linnet.manifests.gotemplate.GoTemplate;
import dev.linnet.manifests.gotemplate.TemplateMistake;
import dev.linnet.manifests.gotemplate.Value;
import dev.linnet.manifests.ingress.Finding;
import dev.linnet.manifests.ingress.Judgement.Standing;
import dev.linnet.manifests.ingress.ObjectReport;
import dev.linnet.rollout.Rollout;
import dev.linnet.rollout.plan.MetricCheck.Source;
import dev.linnet.rollout.plan.PlanProblem;
import dev.linnet.routing.JointRelease;
import dev.linnet.routing.ObjectRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How far Flagger's objects are obeyed: what they ask for, against what the provider they name can do. */
public final class CanaryCheck {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String REASON = "the controller obeys it";
    private static final Set<String> STORES = Set.of("prometheus", "datadog", "cloudwatch", "externalmetrics");
    private static final Map<String, String> NOT_TOGETHER = Map.of(
            "kubernetes",
            "which gives no version a share of the requests",
            KnativeService.PROVIDER,
            "whose requests Linnet's gateways do not deal");
    private static final Map<String, Value> VALUES = Map.of(
            "name", Value.of(""),
            "namespace", Value.of(""),
            "target", Value.of(""),
            "service", Value.of(""),
            "ingress", Value.of(""),
            "route", Value.of(""),
            "interval", Value.of(""),
            "variables", Value.of(Map.of()));

    private CanaryCheck() {}

    /**
     * A Canary.
     *
     * @param usualProvider routes where it names none
     */
    public static ObjectReport canary(GenericKubernetesResource canary, String usualProvider) {
        List<Finding> findings = new ArrayList<>();
        try {
            CanaryPlan plan = CanaryReader.read(canary.getMetadata(), spec(canary), usualProvider);
            new Rollout(plan.release()).problems().forEach(problem -> findings.add(finding(problem)));
            findings.addAll(jointRelease(canary, plan));
            findings.addAll(measuring(plan));
            findings.addAll(origins(canary, plan));
        } catch (UnreadableCanary e) {
            int verb = e.text().indexOf(' ');
            findings.add(
                    notObeyed("spec." + e.text().substring(0, verb), e.text().substring(verb + 1)));
        }
        return report(canary, findings);
    }

    private static List<Finding> jointRelease(GenericKubernetesResource canary, CanaryPlan plan) {
        Optional<String> name = ReleaseMark.of(canary).name();
        String provider = plan.release().routing().provider();
        if (name.isPresent() && NOT_TOGETHER.containsKey(provider)) {
            return List.of(notObeyed(
                    JointRelease.PATH,
                    "has no effect with provider " + provider + ", " + NOT_TOGETHER.get(provider)
                            + " (expected: nginx, istio or gatewayapi:v1)"));
        }
        List<Finding> findings = new ArrayList<>();
        JointRelease.of(ref(canary), name, problem -> findings.add(notObeyed(problem.path(), problem.message())));
        return findings;
    }

    /** Where our gateways cannot count, only a metrics server knows: the controller may have one for all Canaries. */
    private static List<Finding> measuring(CanaryPlan plan) {
        boolean asksGateways = plan.release().analysis().checks().metrics().stream()
                .anyMatch(check -> check.source() instanceof Source.SuccessRate
                        || check.source() instanceof Source.RequestDuration);
        return asksGateways
                        && !plan.isSeenByGateways()
                        && plan.measuring().server().isEmpty()
                ? List.of(new Finding(
                        "spec.metricsServer",
                        Standing.DIFFERS,
                        "is missing: metrics that are built in need it, or linnet controller -metrics-server, since"
                                + " Linnet's gateways do not see Knative's requests"))
                : List.of();
    }

    private static List<Finding> origins(GenericKubernetesResource canary, CanaryPlan plan) {
        boolean leftOut = plan.release().routing().provider().equals("gatewayapi:v1")
                && CanaryHttpRoute.leavesOutOrigins(spec(canary).path("service"));
        return leftOut
                ? List.of(notObeyed(
                        "spec.service.corsPolicy.allowOrigins",
                        "has patterns, which Gateway API does not know (expected: exact origins)"))
                : List.of();
    }

    private static Finding finding(PlanProblem problem) {
        return new Finding(
                "spec." + problem.path(), problem.bars() ? Standing.NOT_OBEYED : Standing.DIFFERS, problem.message());
    }

    /** A MetricTemplate. */
    public static ObjectReport metricTemplate(GenericKubernetesResource object) {
        MetricTemplateSpec template = MetricTemplateSpec.read(spec(object));
        List<Finding> findings = new ArrayList<>();
        String type = template.provider().type();
        if (!STORES.contains(type)) {
            findings.add(notObeyed(
                    "spec.provider.type",
                    "is " + type + ", which is not here yet (expected: prometheus, datadog, cloudwatch or"
                            + " externalmetrics)"));
        }
        try {
            GoTemplate _ = GoTemplate.parse(template.query(), VALUES);
        } catch (TemplateMistake e) {
            findings.add(notObeyed("spec.query", "cannot be read: " + e.text()));
        }
        return report(object, findings);
    }

    private static Finding notObeyed(String what, String words) {
        return new Finding(what, Standing.NOT_OBEYED, words);
    }

    private static JsonNode spec(GenericKubernetesResource object) {
        return JSON.valueToTree(object.getAdditionalProperties()).path("spec");
    }

    private static ObjectReport report(GenericKubernetesResource object, List<Finding> problems) {
        List<Finding> findings = problems.isEmpty() ? List.of(new Finding("spec", Standing.OBEYED, "")) : problems;
        return new ObjectReport(ref(object), true, REASON, findings);
    }

    private static ObjectRef ref(GenericKubernetesResource object) {
        return new ObjectRef(
                object.getKind(),
                object.getMetadata().getNamespace(),
                object.getMetadata().getName());
    }
}
