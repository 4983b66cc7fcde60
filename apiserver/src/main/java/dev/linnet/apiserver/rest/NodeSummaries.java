package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.store.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the agents of nodes what runs there uses now. Nobody measures anything until somebody asks. */
final class NodeSummaries {
    private static final Logger log = LoggerFactory.getLogger(NodeSummaries.class);
    private static final String PATH = "/stats/summary";
    private static final int LARGEST = 16 << 20;

    private final AgentClient client;

    NodeSummaries(AgentClient client) {
        this.client = client;
    }

    /** What one agent tells, in kubelet's form. */
    record Summary(JsonNode json) {
        /** The moment of which it tells. */
        String time() {
            return json.at("/node/cpu/time").asText();
        }

        /** How much time before that moment CPU usage is the average of; kubelet's own summary does not say. */
        String window() {
            return json.path("window").asText();
        }
    }

    /** All at the same time, by the node's name. A node whose agent does not answer is not in it. */
    Map<String, Summary> of(List<StoredObject> nodes) {
        Map<String, CompletableFuture<Optional<Summary>>> pending = new HashMap<>();
        for (StoredObject node : nodes) {
            pending.put(node.key().name(), CompletableFuture.supplyAsync(() -> ask(node), Thread::startVirtualThread));
        }
        Map<String, Summary> told = new HashMap<>();
        pending.forEach((node, summary) -> summary.join().ifPresent(present -> told.put(node, present)));
        return told;
    }

    private Optional<Summary> ask(StoredObject node) {
        try (InputStream body = client.get(NodeAgents.of(node.tree()), PATH)) {
            return Optional.of(new Summary(Json.read(body.readNBytes(LARGEST))));
        } catch (ApiFailure | IOException e) {
            log.atDebug().addKeyValue("node", node.key().name()).setCause(e).log("Node does not tell what it uses");
            return Optional.empty();
        }
    }
}
