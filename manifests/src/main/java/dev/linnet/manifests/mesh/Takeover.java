package dev.linnet.manifests.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How a Service is led to gateways and given back. The selector keeps its keys and gets one value for all of them, so that somebody
 * who applies the original anew, which merges keys, gets the real Pods rather than none.
 */
public final class Takeover {
    /** On a Service or its namespace: {@code "true"} opts in. */
    public static final String OPT_IN = "linnet.dev/mesh";

    /** What every key of a taken-over selector asks for. */
    public static final String VALUE = "linnet-mesh";

    private static final Pattern NOT_HTTP =
            Pattern.compile("(tcp|udp|tls|https|mongo|mysql|redis|grpc|http2|grpc-web|kubernetes\\.io/h2c)(-.*)?");

    private Takeover() {}

    /** What a Service says of itself goes before what its namespace says. */
    public static boolean wants(Service service, Optional<ObjectMeta> namespace) {
        return said(service.getMetadata())
                .or(() -> namespace.flatMap(Takeover::said))
                .orElse(false);
    }

    private static Optional<Boolean> said(ObjectMeta meta) {
        return Optional.ofNullable(meta.getLabels())
                .flatMap(labels -> Optional.ofNullable(labels.get(OPT_IN)))
                .or(() -> Optional.ofNullable(meta.getAnnotations())
                        .flatMap(annotations -> Optional.ofNullable(annotations.get(OPT_IN))))
                .map("true"::equals);
    }

    /** Why its traffic cannot pass through gateways; empty if it can. */
    public static Optional<String> refusal(Service service) {
        ServiceSpec spec = service.getSpec();
        if ("ExternalName".equals(spec.getType())) {
            return Optional.of("it is another name for something outside (type ExternalName)");
        }
        if ("None".equals(spec.getClusterIP())) {
            return Optional.of("it is headless: callers know its Pods by their addresses");
        }
        if (Optional.ofNullable(Original.kept(service).map(Original::selector).orElseGet(spec::getSelector))
                .orElseGet(Map::of)
                .isEmpty()) {
            return Optional.of("it has no selector: whoever keeps its endpoints would not know of gateways");
        }
        if (spec.getExternalIPs() != null && !spec.getExternalIPs().isEmpty()) {
            return Optional.of("it has external addresses (externalIPs)");
        }
        if ("Local".equals(spec.getInternalTrafficPolicy())) {
            return Optional.of("its traffic must stay on its node (internalTrafficPolicy: Local)");
        }
        return owner(service).or(() -> protocol(spec));
    }

    private static Optional<String> owner(Service service) {
        return Optional.ofNullable(service.getMetadata().getOwnerReferences()).stream()
                .flatMap(List::stream)
                .filter(reference -> Boolean.TRUE.equals(reference.getController()))
                .findFirst()
                .map(Takeover::keeps);
    }

    private static String keeps(OwnerReference owner) {
        return owner.getKind() + " " + owner.getName() + " keeps it as it is";
    }

    private static Optional<String> protocol(ServiceSpec spec) {
        for (ServicePort port : spec.getPorts()) {
            String name = Optional.ofNullable(port.getAppProtocol())
                    .or(() -> Optional.ofNullable(port.getName()))
                    .orElse("");
            boolean tcp = port.getProtocol() == null || port.getProtocol().equals("TCP");
            if (!tcp || NOT_HTTP.matcher(name).matches()) {
                return Optional.of(
                        "port " + port.getPort() + " is not HTTP/1.1 (" + (tcp ? name : port.getProtocol()) + ")");
            }
        }
        return Optional.empty();
    }

    /** What the author wants, whether or not the Service is taken over: foreign edits since count, less our values. */
    public static Original wanted(Service service) {
        Original now = Original.now(service);
        Optional<Original> kept = Original.kept(service);
        return kept.isEmpty() ? now : merged(kept.get(), now);
    }

    /** A key or port that still has our value means what it has meant before. */
    private static Original merged(Original kept, Original now) {
        Map<String, String> selector = new TreeMap<>();
        now.selector()
                .forEach((key, value) ->
                        selector.put(key, value.equals(VALUE) ? kept.selector().getOrDefault(key, value) : value));
        Map<Integer, JsonNode> targets = new HashMap<>();
        kept.ports().forEach(port -> targets.put(port.path("port").asInt(), port.path("targetPort")));
        List<JsonNode> ports = new ArrayList<>();
        for (JsonNode port : now.ports()) {
            ObjectNode copy = port.deepCopy();
            JsonNode target = targets.get(port.path("port").asInt());
            if (target != null && MeshPort.isOne(port.path("targetPort").asInt())) {
                copy.set("targetPort", target);
            }
            ports.add(copy);
        }
        return new Original(selector, ports);
    }

    /** The selector that leads to gateways. */
    public static Map<String, String> selector(Original original) {
        Map<String, String> selector = new TreeMap<>();
        original.selector().keySet().forEach(key -> selector.put(key, VALUE));
        return selector;
    }

    /** Whether it leads to the gateways, at these ports. */
    public static boolean isComplete(Service service, Map<Integer, Integer> ports) {
        Optional<Original> kept = Original.kept(service);
        return kept.isPresent()
                && selector(kept.get()).equals(service.getSpec().getSelector())
                && service.getSpec().getPorts().stream()
                        .allMatch(port -> port.getTargetPort() != null
                                && port.getTargetPort().getIntVal() != null
                                && port.getTargetPort().getIntVal().equals(ports.get(port.getPort())));
    }

    /**
     * The JSON patch that leads it to gateways, if it still is the one that was read.
     *
     * @param ports where gateways listen, by the Service's port
     */
    public static String patch(Service service, Map<Integer, Integer> ports) {
        Original original = wanted(service);
        ArrayNode patch = patch(service);
        if (service.getMetadata().getAnnotations() == null
                || service.getMetadata().getAnnotations().isEmpty()) {
            add(patch, "add", "/metadata/annotations").putObject("value");
        }
        add(patch, "add", "/metadata/annotations/" + escaped(Original.ANNOTATION))
                .put("value", original.text());
        add(patch, "replace", "/spec/selector").set("value", Original.JSON.valueToTree(selector(original)));
        int index = 0;
        for (ServicePort port : service.getSpec().getPorts()) {
            add(patch, "add", "/spec/ports/" + index++ + "/targetPort")
                    .put("value", Optional.ofNullable(ports.get(port.getPort())).orElseThrow());
        }
        return patch.toString();
    }

    /** The JSON patch that gives it back, if it still is the one that was read. */
    public static String undo(Service service) {
        Original original = wanted(service);
        ArrayNode patch = patch(service);
        add(patch, "remove", "/metadata/annotations/" + escaped(Original.ANNOTATION));
        add(patch, "replace", "/spec/selector").set("value", Original.JSON.valueToTree(original.selector()));
        add(patch, "replace", "/spec/ports").putArray("value").addAll(original.ports());
        return patch.toString();
    }

    private static ArrayNode patch(Service service) {
        ArrayNode patch = Original.JSON.createArrayNode();
        add(patch, "test", "/metadata/resourceVersion")
                .put("value", service.getMetadata().getResourceVersion());
        return patch;
    }

    private static ObjectNode add(ArrayNode patch, String op, String path) {
        return patch.addObject().put("op", op).put("path", path);
    }

    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }
}
