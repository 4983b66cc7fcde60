package dev.linnet.machine.daemonset;

import dev.linnet.machine.control.Owners;
import dev.linnet.machine.control.PodTemplates;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The templates that a DaemonSet has had, as ControllerRevisions: what {@code kubectl rollout history} shows and {@code undo} goes back to. Pure.
 *
 * @param current   the revision of the template as it is now; with a new number if it has been gone back to
 * @param isNew     whether it is to be created
 * @param isRaised  whether its number is to be written
 * @param forgotten those beyond the history's limit
 */
record DaemonHistory(ControllerRevision current, boolean isNew, boolean isRaised, List<ControllerRevision> forgotten) {
    private static final int USUAL_LIMIT = 10;

    DaemonHistory {
        forgotten = List.copyOf(forgotten);
    }

    /**
     * @param revisions that the set controls
     * @param pods      that the set controls: their revisions stay
     */
    static DaemonHistory of(
            DaemonSet set, List<ControllerRevision> revisions, List<Pod> pods, KubernetesSerialization json) {
        long last = revisions.stream().mapToLong(DaemonHistory::number).max().orElse(0);
        Optional<ControllerRevision> known = revisions.stream()
                .filter(revision -> template(revision, json)
                        .filter(earlier ->
                                PodTemplates.same(earlier, set.getSpec().getTemplate()))
                        .isPresent())
                .max(Comparator.comparingLong(DaemonHistory::number));
        boolean raised = known.filter(revision -> number(revision) < last).isPresent();
        ControllerRevision current = known.map(revision -> raised
                        ? new ControllerRevisionBuilder(revision)
                                .withRevision(last + 1)
                                .build()
                        : revision)
                .orElseGet(() -> fresh(set, revisions, last + 1, json));
        return new DaemonHistory(current, known.isEmpty(), raised, forgotten(set, revisions, current, pods));
    }

    /** The label that a revision has in common with its Pods. */
    static String hash(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels == null ? "" : labels.getOrDefault(DaemonPlan.HASH_LABEL, "");
    }

    private static long number(ControllerRevision revision) {
        return Objects.requireNonNullElse(revision.getRevision(), 0L);
    }

    private static Optional<PodTemplateSpec> template(ControllerRevision revision, KubernetesSerialization json) {
        Object data = json.convertValue(revision.getData(), Object.class);
        return data instanceof Map<?, ?> fields
                        && fields.get("spec") instanceof Map<?, ?> spec
                        && spec.get("template") instanceof Map<?, ?> template
                ? Optional.of(json.convertValue(withoutDirective(template), PodTemplateSpec.class))
                : Optional.empty();
    }

    private static Map<Object, Object> withoutDirective(Map<?, ?> template) {
        Map<Object, Object> plain = new HashMap<>(template);
        plain.remove("$patch");
        return plain;
    }

    /** Its data is a strategic merge patch of the set, which is what undoing sends. */
    private static ControllerRevision fresh(
            DaemonSet set, List<ControllerRevision> revisions, long number, KubernetesSerialization json) {
        Map<String, Object> template = new LinkedHashMap<>(template(set, json));
        template.put("$patch", "replace");
        String hash = freeHash(set, revisions);
        PodTemplateSpec spec = set.getSpec().getTemplate();
        return new ControllerRevisionBuilder()
                .withNewMetadata()
                .withName(set.getMetadata().getName() + "-" + hash)
                .withNamespace(set.getMetadata().getNamespace())
                .withLabels(
                        spec.getMetadata() == null
                                ? Map.of()
                                : spec.getMetadata().getLabels())
                .addToLabels(DaemonPlan.HASH_LABEL, hash)
                .withAnnotations(set.getMetadata().getAnnotations())
                .withOwnerReferences(Owners.controlledBy(set))
                .endMetadata()
                .withRevision(number)
                .withData(Map.of("spec", Map.of("template", template)))
                .build();
    }

    @SuppressWarnings("unchecked") // What a template is in JSON.
    private static Map<String, Object> template(DaemonSet set, KubernetesSerialization json) {
        return json.convertValue(set.getSpec().getTemplate(), Map.class);
    }

    /** Two templates may have one hash. */
    private static String freeHash(DaemonSet set, List<ControllerRevision> revisions) {
        Set<String> taken = revisions.stream().map(DaemonHistory::hash).collect(Collectors.toSet());
        for (int collisions = 0; ; collisions++) {
            String hash = PodTemplates.hash(set.getSpec().getTemplate(), collisions);
            if (!taken.contains(hash)) {
                return hash;
            }
        }
    }

    private static List<ControllerRevision> forgotten(
            DaemonSet set, List<ControllerRevision> revisions, ControllerRevision current, List<Pod> pods) {
        Set<String> inUse = pods.stream().map(DaemonHistory::hash).collect(Collectors.toSet());
        List<ControllerRevision> old = revisions.stream()
                .filter(revision -> !revision.getMetadata()
                        .getName()
                        .equals(current.getMetadata().getName()))
                .filter(revision -> !inUse.contains(hash(revision)))
                .sorted(Comparator.comparingLong(DaemonHistory::number))
                .toList();
        int limit = Objects.requireNonNullElse(set.getSpec().getRevisionHistoryLimit(), USUAL_LIMIT);
        return old.subList(0, Math.max(0, old.size() - limit));
    }
}
