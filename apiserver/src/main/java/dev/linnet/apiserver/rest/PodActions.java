package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.http.StatusObject;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.kinds.LabelSelectors;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** What is done to Pods by posting to them: binding to a node, eviction. */
final class PodActions {
    private static final String BUDGETS = "poddisruptionbudgets.policy";

    private final ObjectStore store;
    private final Bodies bodies;
    private final Changes changes;
    private final Deletion deletion;
    private final InstantSource clock;

    PodActions(Workshop workshop, Changes changes, Deletion deletion) {
        this.store = workshop.store();
        this.bodies = workshop.bodies();
        this.changes = changes;
        this.deletion = deletion;
        this.clock = workshop.clock();
    }

    /** Gives a Pod to a node, once. */
    Reply bind(Call call, Target target) {
        ObjectNode binding = bodies.object(call);
        String node = binding.path("target").path("name").asText("");
        if (node.isEmpty()) {
            throw ApiFailure.badRequest("binding.target.name is empty (expected: the name of a node)");
        }
        changes.act(target, WriteOptions.of(call), live -> scheduled(bound(target, live, node, binding)));
        return Reply.json(201, StatusObject.success(ApiFailure.Subject.NONE, "").put("code", 201));
    }

    private static ObjectNode bound(Target pod, ObjectNode live, String node, ObjectNode binding) {
        String current = live.path("spec").path("nodeName").asText("");
        if (!current.isEmpty()) {
            throw ApiFailure.conflict(
                    pod.subject(), "pod " + pod.name() + " is already assigned to node \"" + current + "\"");
        }
        if (Meta.of(live).terminating()) {
            throw ApiFailure.conflict(
                    pod.subject(), "pod " + pod.name() + " is being deleted, cannot be assigned to a host");
        }
        Json.child(live, "spec").put("nodeName", node);
        Map<String, String> annotations = Meta.strings(binding.path("metadata").path("annotations"));
        if (!annotations.isEmpty()) {
            ObjectNode own = Json.child(Meta.of(live).node(), "annotations");
            annotations.forEach(own::put);
        }
        return live;
    }

    private ObjectNode scheduled(ObjectNode pod) {
        ObjectNode status = Json.child(pod, "status");
        ArrayNode conditions = Json.list(status, "conditions");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            if (conditions.get(i).path("type").asText().equals("PodScheduled")) {
                conditions.remove(i);
            }
        }
        conditions
                .addObject()
                .put("type", "PodScheduled")
                .put("status", "True")
                .put("lastTransitionTime", Meta.time(clock.instant()));
        return pod;
    }

    /** Deletes a Pod unless a budget says that too few would be left. */
    Reply evict(Call call, Target target) {
        ObjectNode eviction = bodies.object(call);
        Target pod = target.withoutSubresource();
        StoredObject live = store.get(pod.key()).orElseThrow(pod::notFound);
        requireBudget(pod, live);
        deletion.delete(pod, DeleteOptions.of(Json.child(eviction, "deleteOptions"), call));
        return Reply.json(201, StatusObject.success(ApiFailure.Subject.NONE, "").put("code", 201));
    }

    private void requireBudget(Target pod, StoredObject live) {
        Map<String, String> labels = Meta.of(live.tree()).labels();
        for (StoredObject stored : store.list(BUDGETS, pod.namespace()).objects()) {
            ObjectNode budget = stored.tree();
            JsonNode status = budget.path("status");
            boolean covers = LabelSelectors.matches(budget.path("spec").path("selector"), labels);
            if (covers
                    && status.has("disruptionsAllowed")
                    && status.path("disruptionsAllowed").asInt(0) <= 0) {
                throw refused(stored.key().name(), status);
            }
        }
    }

    private static ApiFailure refused(String budget, JsonNode status) {
        String detail = "The disruption budget " + budget + " needs "
                + status.path("desiredHealthy").asInt(0) + " healthy pods and has "
                + status.path("currentHealthy").asInt(0) + " currently";
        return ApiFailure.of(
                429,
                "TooManyRequests",
                "Cannot evict pod as it would violate the pod's disruption budget.",
                ApiFailure.Subject.NONE,
                List.of(new ApiFailure.Cause("DisruptionBudget", detail, "")));
    }
}
