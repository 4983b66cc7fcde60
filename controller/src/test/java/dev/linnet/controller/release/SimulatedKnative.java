package dev.linnet.controller.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Knative Serving, as far as a release of the Service {@code podinfo} can tell: each template is a revision, one whose image says {@code broken}
 * never becomes ready, the newest that is ready gets what {@code latestRevision} gets, and all traffic is obeyed at once unless somebody holds
 * it up. Users look after each write.
 */
final class SimulatedKnative {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceDefinitionContext SERVICE = kind("Service", "services");
    private static final ResourceDefinitionContext REVISION = kind("Revision", "revisions");
    private static final String NAME = "podinfo";

    private final KubernetesClient client;
    private final String namespace;
    private final List<String> lost = new ArrayList<>();
    private final List<Integer> shares = new ArrayList<>();
    private boolean stalls;

    SimulatedKnative(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    private static ResourceDefinitionContext kind(String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup("serving.knative.dev")
                .withVersion("v1")
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    /** From now on its networking layer does not follow what Services say, or does again. */
    void stalls(boolean stands) {
        stalls = stands;
    }

    Resource<GenericKubernetesResource> service() {
        return client.genericKubernetesResources(SERVICE).inNamespace(namespace).withName(NAME);
    }

    private Resource<GenericKubernetesResource> revision(String name) {
        return client.genericKubernetesResources(REVISION)
                .inNamespace(namespace)
                .withName(name);
    }

    private Optional<JsonNode> live() {
        return Optional.ofNullable(service().get()).map(JSON::valueToTree);
    }

    private JsonNode there() {
        return live().orElseThrow();
    }

    void setsImage(String image) {
        patch("""
                {"spec":{"template":{"spec":{"containers":[{"image":"%s"}]}}}}""".formatted(image));
    }

    void setsTraffic(String traffic) {
        patch("{\"spec\":{\"traffic\":" + traffic + "}}");
    }

    void annotates(String key, String json) {
        patch("{\"metadata\":{\"annotations\":{\"" + key + "\":" + json + "}}}");
    }

    private void patch(String patch) {
        service().patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    /** Of the annotation that says so. */
    String primary() {
        return there().at("/metadata/annotations")
                .path("flagger.app/primary-revision")
                .asText("");
    }

    /** {@code latest 20, podinfo-00001 80}. */
    String traffic() {
        List<String> entries = new ArrayList<>();
        there().at("/spec/traffic")
                .forEach(entry -> entries.add(entry.path("revisionName").asText("latest") + " "
                        + entry.path("percent").asInt()));
        return String.join(", ", entries);
    }

    /** What the newest revision was given, one after another. */
    List<Integer> shares() {
        return List.copyOf(shares);
    }

    /** What users have met that was not there. */
    List<String> lost() {
        return List.copyOf(lost);
    }

    /** To be called after each write. */
    void look(String after) {
        Optional<JsonNode> service = live();
        if (service.isEmpty()) {
            return;
        }
        int sum = 0;
        int newest = 0;
        for (JsonNode entry : service.get().at("/spec/traffic")) {
            int percent = entry.path("percent").asInt();
            sum += percent;
            String name = entry.path("revisionName").asText("");
            newest += name.isEmpty() ? percent : 0;
            String meets = name.isEmpty()
                    ? service.get().at("/status/latestReadyRevisionName").asText()
                    : name;
            if (percent > 0 && !isReady(meets)) {
                lost.add("after " + after + ": " + percent + "% meet " + meets + ", which is not ready");
            }
        }
        if (sum != 100) {
            lost.add("after " + after + ": " + sum + "% of the requests are dealt");
        }
        if (shares.isEmpty() || shares.getLast() != newest) {
            shares.add(newest);
        }
    }

    private boolean isReady(String revision) {
        GenericKubernetesResource live = revision(revision).get();
        return live != null
                && JSON.valueToTree(live)
                        .at("/status/conditions/0/status")
                        .asText()
                        .equals("True");
    }

    /** Does all that is due. */
    void settleDown() {
        while (settle()) {
            // there may be more
        }
    }

    /**
     * Does what is due.
     *
     * @return whether there was anything
     */
    boolean settle() {
        Optional<JsonNode> live = live();
        if (live.isEmpty()) {
            return false;
        }
        JsonNode service = live.get();
        ArrayNode traffic = completed(service.at("/spec/traffic"));
        if (!traffic.equals(service.at("/spec/traffic"))) {
            setsTraffic(traffic.toString());
            return true;
        }
        JsonNode status = status(service, newest(service), traffic);
        if (status.equals(service.path("status"))) {
            return false;
        }
        service().subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + status + "}");
        return true;
    }

    /** As its admission webhook does. */
    private static ArrayNode completed(JsonNode traffic) {
        ArrayNode completed = JSON.createArrayNode();
        traffic.forEach(entry -> {
            ObjectNode copy = completed.addObject().setAll((ObjectNode) entry);
            copy.put("latestRevision", !entry.has("revisionName"));
        });
        if (completed.isEmpty()) {
            completed.addObject().put("latestRevision", true).put("percent", 100);
        }
        return completed;
    }

    /** The revision of the present template, which is made if there is none. */
    private String newest(JsonNode service) {
        JsonNode template = service.at("/spec/template");
        String last = service.at("/status/latestCreatedRevisionName").asText("");
        if (!last.isEmpty()
                && JSON.valueToTree(revision(last).require()).path("spec").equals(template.path("spec"))) {
            return last;
        }
        int number = last.isEmpty() ? 1 : Integer.parseInt(last.substring(last.lastIndexOf('-') + 1)) + 1;
        String name = "%s-%05d".formatted(NAME, number);
        GenericKubernetesResource made = new GenericKubernetesResource();
        made.setApiVersion("serving.knative.dev/v1");
        made.setKind("Revision");
        made.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
        made.setAdditionalProperty("spec", JSON.convertValue(template.path("spec"), Object.class));
        client.resource(made).create();
        boolean broken = template.at("/spec/containers/0/image").asText().contains("broken");
        ObjectNode status = JSON.createObjectNode().put("observedGeneration", 1);
        condition(status.putArray("conditions"), "Ready", !broken, "Back-off pulling image");
        revision(name)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + status + "}");
        return name;
    }

    private JsonNode status(JsonNode service, String newest, ArrayNode traffic) {
        ObjectNode status = JSON.createObjectNode();
        boolean isReady = isReady(newest);
        String ready =
                isReady ? newest : service.at("/status/latestReadyRevisionName").asText("");
        status.put("observedGeneration", service.at("/metadata/generation").asInt());
        status.put("latestCreatedRevisionName", newest);
        if (!ready.isEmpty()) {
            status.put("latestReadyRevisionName", ready);
        }
        ArrayNode conditions = status.putArray("conditions");
        condition(conditions, "ConfigurationsReady", isReady, "Back-off pulling image");
        condition(conditions, "RoutesReady", !stalls && !ready.isEmpty(), "Ingress has not yet been reconciled");
        ArrayNode obeyed = status.putArray("traffic");
        traffic.forEach(entry -> {
            ObjectNode copy = obeyed.addObject().setAll((ObjectNode) entry);
            if (!entry.has("revisionName")) {
                copy.put("revisionName", ready);
            }
        });
        return status;
    }

    private static void condition(ArrayNode conditions, String type, boolean holds, String message) {
        ObjectNode condition = conditions.addObject().put("type", type).put("status", holds ? "True" : "False");
        if (!holds) {
            condition.put("message", message);
        }
    }
}
