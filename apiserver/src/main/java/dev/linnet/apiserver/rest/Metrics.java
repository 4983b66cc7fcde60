package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.select.Selection;
import dev.linnet.apiserver.store.ObjectKey;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The resource metrics API, {@code metrics.k8s.io}: what {@code kubectl top} shows and autoscalers go by. As with metrics-server, whatever no agent
 * could measure is left out.
 */
final class Metrics {
    private final ObjectStore store;
    private final NodeSummaries summaries;
    private final Views views;

    Metrics(ObjectStore store, NodeSummaries summaries, Views views) {
        this.store = store;
        this.summaries = summaries;
        this.views = views;
    }

    Reply answer(Call call, Target target, String verb) {
        return switch (verb) {
            case "get" -> {
                StoredObject found = measured(call, target).stream().findFirst().orElseThrow(() -> unmeasured(target));
                yield views.single(200, call, target.resource(), found.tree());
            }
            case "list" -> Reads.listed(views.of(call, target.resource()), Json.object(), measured(call, target));
            default -> throw ApiFailure.methodNotAllowed(target.subject());
        };
    }

    /** In metrics-server's words. */
    private static ApiFailure unmeasured(Target target) {
        String kind = target.resource().kind().kind().toLowerCase(Locale.ROOT);
        String name = target.namespace().isEmpty() ? target.name() : target.namespace() + "/" + target.name();
        return ApiFailure.notFound(new ApiFailure.Subject(target.resource().group(), kind, name));
    }

    private List<StoredObject> measured(Call call, Target target) {
        Selection selection = Reads.selection(call, target);
        String plural = target.resource().kind().plural();
        List<StoredObject> wanted = store.list(plural, target.namespace()).objects().stream()
                .filter(selection::matches)
                .toList();
        return target.resource().kind().namespaced() ? pods(wanted, target) : nodes(wanted, target);
    }

    private List<StoredObject> nodes(List<StoredObject> wanted, Target target) {
        Map<String, NodeSummaries.Summary> told = summaries.of(wanted);
        return wanted.stream()
                .flatMap(node -> Optional.ofNullable(told.get(node.key().name()))
                        .map(summary -> {
                            ObjectNode metrics = metrics(Subject.of(node), target, summary);
                            metrics.set("usage", usage(summary.json().path("node")));
                            return StoredObject.unstored(node.key(), metrics);
                        })
                        .stream())
                .toList();
    }

    private List<StoredObject> pods(List<StoredObject> wanted, Target target) {
        List<Subject> pods = wanted.stream().map(Subject::of).toList();
        List<String> places = pods.stream()
                .map(pod -> pod.tree().at("/spec/nodeName").asText(""))
                .distinct()
                .toList();
        List<StoredObject> nodes = store.list("nodes", "").objects().stream()
                .filter(node -> places.contains(node.key().name()))
                .toList();
        Map<String, Measured> byUid = new HashMap<>();
        summaries
                .of(nodes)
                .values()
                .forEach(summary -> summary.json()
                        .path("pods")
                        .forEach(pod -> byUid.put(
                                pod.at("/podRef/uid").asText(), new Measured(summary, pod.path("containers")))));
        return pods.stream()
                .flatMap(pod ->
                        Optional.ofNullable(byUid.get(Meta.of(pod.tree()).uid()))
                                .map(measured -> {
                                    ObjectNode metrics = metrics(pod, target, measured.summary());
                                    metrics.set("containers", containers(measured.containers()));
                                    return StoredObject.unstored(pod.key(), metrics);
                                })
                                .stream())
                .toList();
    }

    /** What is measured, read once. */
    private record Subject(ObjectKey key, ObjectNode tree) {
        static Subject of(StoredObject stored) {
            return new Subject(stored.key(), stored.tree());
        }
    }

    private record Measured(NodeSummaries.Summary summary, JsonNode containers) {}

    private static ObjectNode metrics(Subject of, Target target, NodeSummaries.Summary summary) {
        ObjectNode metrics = Json.object()
                .put("kind", target.resource().kind().kind())
                .put("apiVersion", target.resource().groupVersion());
        ObjectNode metadata = metrics.putObject("metadata").put("name", of.key().name());
        if (!of.key().namespace().isEmpty()) {
            metadata.put("namespace", of.key().namespace());
        }
        metadata.put("creationTimestamp", summary.time());
        JsonNode labels = of.tree().at("/metadata/labels");
        if (labels.isObject()) {
            metadata.set("labels", labels);
        }
        return metrics.put("timestamp", summary.time()).put("window", summary.window());
    }

    private static ArrayNode containers(JsonNode measured) {
        ArrayNode containers = Json.array();
        for (JsonNode container : measured) {
            containers.addObject().put("name", container.path("name").asText()).set("usage", usage(container));
        }
        return containers;
    }

    private static ObjectNode usage(JsonNode measured) {
        return Json.object()
                .put("cpu", measured.at("/cpu/usageNanoCores").asLong() + "n")
                .put("memory", measured.at("/memory/workingSetBytes").asLong() / 1024 + "Ki");
    }
}
