package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.store.ObjectKey;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Finds the agent that runs a Pod, and the container that somebody means. */
final class NodeAgents {
    private final ObjectStore store;

    NodeAgents(ObjectStore store) {
        this.store = store;
    }

    ObjectNode pod(Target target) {
        return store.get(target.key()).orElseThrow(target::notFound).tree();
    }

    /** @param wanted empty for the only one */
    static String container(ObjectNode pod, Target target, String wanted) {
        List<String> names = new ArrayList<>();
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            for (JsonNode container : pod.path("spec").path(list)) {
                names.add(container.path("name").asText());
            }
        }
        if (wanted.isEmpty() && pod.path("spec").path("containers").size() == 1) {
            return names.getFirst();
        }
        if (wanted.isEmpty()) {
            throw ApiFailure.badRequest("a container name must be specified for pod " + target.name()
                    + ", choose one of: [" + String.join(" ", names) + "]");
        }
        if (!names.contains(wanted)) {
            throw ApiFailure.badRequest("container " + wanted + " is not valid for pod " + target.name());
        }
        return wanted;
    }

    /** Where the agent listens that runs a Pod. */
    InetSocketAddress of(ObjectNode pod, Target target) {
        String nodeName = pod.path("spec").path("nodeName").asText("");
        if (nodeName.isEmpty()) {
            throw ApiFailure.badRequest("pod " + target.name() + " does not have a host assigned");
        }
        return of(store.get(new ObjectKey("nodes", "", nodeName))
                .map(StoredObject::tree)
                .orElseThrow(() -> ApiFailure.notFound(new ApiFailure.Subject("", "nodes", nodeName))));
    }

    /** Where a node's agent listens. */
    static InetSocketAddress of(ObjectNode node) {
        int port = node.at("/status/daemonEndpoints/kubeletEndpoint/Port").asInt(0);
        return new InetSocketAddress(internalAddress(node), port);
    }

    private static InetAddress internalAddress(ObjectNode node) {
        for (JsonNode address : node.path("status").path("addresses")) {
            if (address.path("type").asText().equals("InternalIP")) {
                return literal(address.path("address").asText());
            }
        }
        throw ApiFailure.of(500, "InternalError", "node has no InternalIP address");
    }

    private static InetAddress literal(String address) {
        try {
            return InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException _) {
            throw ApiFailure.of(500, "InternalError", "node's InternalIP " + address + " is no IP address");
        }
    }

    /** {@code 127.77.0.1:10250}, as it stands in a URL and in a Host header. */
    static String authority(InetSocketAddress agent) {
        String host = agent.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + agent.getPort();
    }

    /** What an agent's refusal is to whoever asked this server. */
    static ApiFailure failure(int code, String message) {
        return switch (code) {
            case 400 -> ApiFailure.badRequest(message);
            case 404 -> ApiFailure.of(404, "NotFound", message);
            default -> ApiFailure.of(500, "InternalError", message);
        };
    }
}
