package dev.linnet.manifests.ingress;

import dev.linnet.manifests.ingress.Judgement.Standing;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How far Ingresses are obeyed, annotation by annotation: what the catalogue says, and what the translators found wrong. */
public final class IngressCheck {
    private static final String WEBHOOK = "ingress-nginx-admission";

    private IngressCheck() {}

    /** One report for each Ingress, in the order in which they are given. */
    public static List<ObjectReport> ingresses(
            Collection<Ingress> ingresses,
            Collection<IngressClass> classes,
            ClassSettings settings,
            Surroundings surroundings) {
        Map<ObjectRef, List<Problem>> problems =
                IngressTranslator.translate(ingresses, classes, settings, surroundings).problems().stream()
                        .collect(Collectors.groupingBy(Problem::object));
        Map<String, String> controllers = IngressTranslator.controllers(classes);
        return ingresses.stream()
                .map(ingress -> {
                    ObjectRef object = IngressReader.ref(ingress);
                    ClassSettings.Decision decision = settings.decide(ingress, controllers);
                    List<Finding> findings = decision.ours()
                            ? findings(ingress, problems.getOrDefault(object, List.of()))
                            : List.<Finding>of();
                    return new ObjectReport(object, decision.ours(), decision.reason(), findings);
                })
                .toList();
    }

    private static List<Finding> findings(Ingress ingress, List<Problem> problems) {
        boolean canary = IngressReader.read(ingress).role() instanceof IngressReading.Role.Canary;
        List<Finding> usual = annotations(ingress).entrySet().stream()
                .map(entry ->
                        Finding.of(entry.getKey(), AnnotationCatalogue.judge(entry.getKey(), entry.getValue(), canary)))
                .toList();
        return findings(usual, Annotations::path, problems);
    }

    /** A problem says more than the catalogue, so it takes its place. */
    private static List<Finding> findings(
            List<Finding> usual, Function<String, String> pathOf, List<Problem> problems) {
        Map<String, List<Problem>> byPath = problems.stream()
                .collect(Collectors.groupingBy(Problem::path, LinkedHashMap::new, Collectors.toList()));
        List<Finding> findings = new ArrayList<>();
        for (Finding finding : usual) {
            List<Problem> told = byPath.remove(pathOf.apply(finding.what()));
            if (told == null) {
                findings.add(finding);
            } else {
                told.forEach(problem -> findings.add(notObeyed(finding.what(), problem)));
            }
        }
        byPath.forEach((path, told) -> told.forEach(problem -> findings.add(notObeyed(path, problem))));
        return findings;
    }

    private static Map<String, String> annotations(Ingress ingress) {
        Map<String, String> annotations = ingress.getMetadata().getAnnotations();
        return annotations == null ? Map.of() : new TreeMap<>(annotations);
    }

    private static Finding notObeyed(String what, Problem problem) {
        return new Finding(what, Standing.NOT_OBEYED, problem.message());
    }

    /**
     * The controller's ConfigMap, key by key.
     *
     * @param configMaps where it is found, and those that it names
     */
    public static ObjectReport options(ObjectRef configMap, ConfigMaps configMaps) {
        Map<String, String> keys = configMaps.data(configMap).orElseGet(Map::of);
        List<Finding> usual = new TreeMap<>(keys)
                .entrySet().stream()
                        .map(entry ->
                                Finding.of(entry.getKey(), OptionCatalogue.judge(entry.getKey(), entry.getValue())))
                        .toList();
        List<Problem> problems =
                GlobalOptionsReader.read(configMap, keys, configMaps).problems();
        return new ObjectReport(
                configMap, true, "it holds the options of ingress-nginx", findings(usual, OptionText::path, problems));
    }

    /** Whether a ValidatingWebhookConfiguration is one that ingress-nginx has left behind. */
    public static boolean isLeftOver(String webhook) {
        return webhook.endsWith(WEBHOOK);
    }

    /** Such a webhook would refuse every change of an Ingress once the service behind it is gone. */
    public static ObjectReport leftOver(String webhook) {
        return new ObjectReport(
                new ObjectRef("ValidatingWebhookConfiguration", "", webhook),
                true,
                "ingress-nginx has left it behind",
                List.of(new Finding(
                        "webhooks",
                        Standing.NOT_OBEYED,
                        "is answered by nobody once ingress-nginx is gone, and then no Ingress can be changed (expected:"
                                + " kubectl delete validatingwebhookconfiguration " + webhook + ")")));
    }
}
