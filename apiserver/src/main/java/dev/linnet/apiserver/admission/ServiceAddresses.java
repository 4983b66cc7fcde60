package dev.linnet.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.store.ObjectKey;
import dev.linnet.apiserver.store.ObjectStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Gives Services their cluster IPs and node ports.
 *
 * <p>What is taken is what stored Services have, so nothing can leak; only what was chosen for a write that is
 * under way is remembered, until that write is done.
 */
final class ServiceAddresses {
    private static final int FIRST_NODE_PORT = 30_000;
    private static final int LAST_NODE_PORT = 32_767;
    private static final String NONE = "None";
    private static final List<String> ADDRESS_FIELDS =
            List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy");
    private static final List<String> BALANCER_FIELDS =
            List.of("allocateLoadBalancerNodePorts", "healthCheckNodePort", "loadBalancerClass");

    private final HeldAddresses held;
    private final AddressRange range;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<String> underWay = new HashSet<>();

    ServiceAddresses(ObjectStore store, AddressRange range, RandomGenerator random) {
        this.held = new HeldAddresses(store);
        this.range = range;
        this.random = random;
    }

    /** Gives a Service that was found valid what it lacks; refuses what others have. */
    Hold assign(ObjectNode service) {
        ObjectNode spec = Json.child(service, "spec");
        String type = spec.path("type").asText("ClusterIP");
        if (type.equals("ExternalName")) {
            return Hold.NOTHING;
        }
        lock.lock();
        try {
            held.catchUp();
            Assignment assignment = new Assignment(service);
            assignment.clusterIp(spec);
            if (isNodePortType(type)) {
                assignment.nodePorts(spec);
            }
            underWay.addAll(assignment.chosen);
            return () -> release(assignment.chosen);
        } finally {
            lock.unlock();
        }
    }

    private void release(List<String> chosen) {
        lock.lock();
        try {
            chosen.forEach(underWay::remove);
        } finally {
            lock.unlock();
        }
    }

    /**
     * A client that replaces a Service with what it once wrote must not make it move, and one that changes its type need not
     * know what only the other type had. Runs before the Service is looked at.
     *
     * @param before the stored Service; an empty object for a new one
     */
    void keepAssigned(ObjectNode before, ObjectNode service) {
        JsonNode stored = before.path("spec");
        ObjectNode spec = Json.child(service, "spec");
        String type = spec.path("type").asText("ClusterIP");
        boolean hadIp = !stored.path("type").asText("").equals("ExternalName");
        if (hadIp && type.equals("ExternalName")) {
            dropUnchanged(stored, spec, ADDRESS_FIELDS);
        } else if (hadIp) {
            keepIp(stored, spec);
        } else {
            listIp(spec);
        }
        if (!type.equals("LoadBalancer")) {
            dropUnchanged(stored, spec, BALANCER_FIELDS);
        }
        if (type.equals("ExternalName")
                || (type.equals("ClusterIP") && spec.path("externalIPs").isEmpty())) {
            dropUnchanged(stored, spec, List.of("externalTrafficPolicy"));
        }
        for (JsonNode port : spec.path("ports")) {
            keepNodePort(stored.path("ports"), (ObjectNode) port, type);
        }
    }

    private static void dropUnchanged(JsonNode before, ObjectNode spec, List<String> fields) {
        for (String field : fields) {
            if (before.has(field) && before.get(field).equals(spec.get(field))) {
                spec.remove(field);
            }
        }
    }

    /** An address of this range stays; the list of addresses follows a client that knows of the one address only. */
    private void keepIp(JsonNode before, ObjectNode spec) {
        String old = before.path("clusterIP").asText("");
        boolean stays = old.equals(NONE) || range.contains(old);
        boolean sameList = spec.path("clusterIPs").equals(before.path("clusterIPs"));
        if (spec.path("clusterIP").asText("").isEmpty() && stays) {
            spec.put("clusterIP", old);
        }
        if (sameList && !spec.path("clusterIP").asText("").equals(old)) {
            spec.remove("clusterIPs");
        }
        listIp(spec);
    }

    private static void listIp(ObjectNode spec) {
        String ip = spec.path("clusterIP").asText("");
        if (!ip.isEmpty() && spec.path("clusterIPs").isEmpty()) {
            spec.putArray("clusterIPs").add(ip);
        }
    }

    private static boolean isNodePortType(String type) {
        return type.equals("NodePort") || type.equals("LoadBalancer");
    }

    private static void keepNodePort(JsonNode portsBefore, ObjectNode port, String type) {
        for (JsonNode earlier : portsBefore) {
            boolean same = earlier.path("port").equals(port.path("port"))
                    && earlier.path("protocol").equals(port.path("protocol"));
            int nodePort = earlier.path("nodePort").asInt(0);
            if (same
                    && nodePort > 0
                    && !isNodePortType(type)
                    && port.path("nodePort").asInt(0) == nodePort) {
                port.remove("nodePort");
            } else if (same
                    && nodePort > 0
                    && isNodePortType(type)
                    && port.path("nodePort").asInt(0) == 0) {
                port.put("nodePort", nodePort);
            }
        }
    }

    /** What one Service gets. */
    private final class Assignment {
        private final ApiFailure.Subject subject;
        private final ObjectKey key;
        private final List<String> chosen = new ArrayList<>();

        Assignment(ObjectNode service) {
            Meta meta = Meta.of(service);
            this.subject = new ApiFailure.Subject("", "Service", meta.name());
            this.key = new ObjectKey("services", meta.namespace(), meta.name());
        }

        private boolean isTaken(String what) {
            return underWay.contains(what) || chosen.contains(what) || held.isHeldByAnother(what, key);
        }

        void clusterIp(ObjectNode spec) {
            String wanted = spec.path("clusterIP").asText("");
            String ip = wanted.isEmpty() ? free() : wanted;
            if (!ip.equals(NONE)) {
                requireFree(ip);
                chosen.add(ip);
            }
            spec.put("clusterIP", ip);
            spec.putArray("clusterIPs").add(ip);
            if (!spec.hasNonNull("ipFamilies")) {
                spec.putArray("ipFamilies").add("IPv4");
            }
            if (!spec.hasNonNull("ipFamilyPolicy")) {
                spec.put("ipFamilyPolicy", "SingleStack");
            }
        }

        private void requireFree(String ip) {
            if (!range.contains(ip)) {
                throw invalid(
                        "spec.clusterIPs",
                        "[\"" + ip + "\"]",
                        "failed to allocate IP " + ip + ": the provided IP (" + ip
                                + ") is not in the valid range. The range of valid IPs is " + range.text());
            }
            if (isTaken(ip)) {
                throw invalid(
                        "spec.clusterIPs",
                        "[\"" + ip + "\"]",
                        "failed to allocate IP " + ip + ": provided IP is already allocated");
            }
        }

        private String free() {
            String candidate = range.any(random);
            for (int tried = 0; tried < range.usable(); tried++) {
                if (!isTaken(candidate)) {
                    return candidate;
                }
                candidate = range.after(candidate);
            }
            throw ApiFailure.of(500, "InternalError", "range is full");
        }

        void nodePorts(ObjectNode spec) {
            JsonNode ports = spec.path("ports");
            for (int i = 0; i < ports.size(); i++) {
                ObjectNode port = (ObjectNode) ports.get(i);
                int wanted = port.path("nodePort").asInt(0);
                int number = wanted == 0 ? freePort(port) : wanted;
                requireFree(port, number, "spec.ports[" + i + "].nodePort");
                chosen.add(HeldAddresses.portKey(port, number));
                port.put("nodePort", number);
            }
        }

        private int freePort(ObjectNode port) {
            int count = LAST_NODE_PORT - FIRST_NODE_PORT + 1;
            int start = random.nextInt(count);
            for (int tried = 0; tried < count; tried++) {
                int number = FIRST_NODE_PORT + (start + tried) % count;
                if (!isTaken(HeldAddresses.portKey(port, number))) {
                    return number;
                }
            }
            throw ApiFailure.of(500, "InternalError", "failed to allocate a nodePort: range is full");
        }

        private void requireFree(ObjectNode port, int number, String path) {
            if (number < FIRST_NODE_PORT || number > LAST_NODE_PORT) {
                throw invalid(
                        path,
                        Integer.toString(number),
                        "provided port is not in the valid range. " + "The range of valid ports is " + FIRST_NODE_PORT
                                + "-" + LAST_NODE_PORT);
            }
            if (isTaken(HeldAddresses.portKey(port, number))) {
                throw invalid(path, Integer.toString(number), "provided port is already allocated");
            }
        }

        private ApiFailure invalid(String path, String value, String detail) {
            FieldError error =
                    new FieldError(FieldError.Reason.INVALID, path, "Invalid value: " + value + ": " + detail);
            return ApiFailure.invalid(subject, List.of(error));
        }
    }
}
