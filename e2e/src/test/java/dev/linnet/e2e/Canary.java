package dev.linnet.e2e;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;

/** The Canary of a Deployment of the same name, as a person with kubectl sees it. */
record Canary(Cluster cluster, String namespace, String name) {

    String kubectl(String... arguments) {
        List<String> all = new ArrayList<>(List.of("-n", namespace));
        all.addAll(List.of(arguments));
        return cluster.kubectl(all.toArray(String[]::new));
    }

    void setImage(String container, String image) {
        kubectl("set", "image", "deployment/" + name, container + "=" + image);
    }

    String phase() {
        return field("canary/" + name, "{.status.phase}");
    }

    /** @param meanwhile done between two looks */
    void awaitPhase(String phase, Duration patience, Duration pause, Callable<?> meanwhile) {
        Callable<String> next = () -> {
            meanwhile.call();
            return phase();
        };
        await().atMost(patience).pollInterval(pause).until(next, phase::equals);
    }

    void awaitPhase(String phase, Duration patience) {
        awaitPhase(phase, patience, Duration.ofMillis(200), () -> true);
    }

    String replicas(String deployment) {
        return field("deploy/" + deployment, "{.spec.replicas}");
    }

    String image(String deployment) {
        return field("deploy/" + deployment, "{.spec.template.spec.containers[0].image}");
    }

    String field(String object, String path) {
        return kubectl("get", object, "-o", "jsonpath=" + path);
    }

    /** What its Events say, in the order in which it happened: {@code Normal Advance podinfo.test canary weight 5}. */
    List<String> events() {
        List<JsonNode> events = new ArrayList<>();
        json("get", "events", "--field-selector=involvedObject.kind=Canary,involvedObject.name=" + name)
                .path("items")
                .forEach(events::add);
        return events.stream()
                .sorted(Comparator.comparingLong(Canary::number))
                .map(event -> event.path("type").asText() + " "
                        + event.path("message").asText())
                .toList();
    }

    /** Their names end with the number of the run and that of the message: times have only whole seconds. */
    private static long number(JsonNode event) {
        String name = event.path("metadata").path("name").asText();
        String[] id = name.substring(name.lastIndexOf('.') + 1).split("-", -1);
        return id.length == 2 ? Long.parseLong(id[0]) * 1_000_000 + Long.parseLong(id[1]) : Long.MAX_VALUE;
    }

    JsonNode json(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-o", "json"));
        try {
            return new ObjectMapper().readTree(kubectl(all.toArray(String[]::new)));
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON from " + all, e);
        }
    }
}
