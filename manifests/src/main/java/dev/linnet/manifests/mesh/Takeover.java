package dev.linnet.manifests.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a Service is led to gateways and given back. The selector keeps its keys and gets one value for all of them, so that somebody
 * who applies the original anew, which merges keys, gets the real Pods rather than none.
 */
public final class Takeover {
    /** On a Service or its namespace: {@code "true"} opts in. */
    public static final String OPT_IN = "linnet.dev/mesh";

    /** What every key of a taken-over selector asks for. */
    public static final String VALUE = "linnet-mesh";

    /** On Pods of gateways inside the cluster: {@code "true"}. */
    public static final String GATEWAY_LABEL = "linnet.dev/mesh-gateway";

    private Takeover() {}

    /** What a Service says of itself goes before what its namespace says. */
    public static boolean wants(Service service, Optional<ObjectMeta> namespace) {
        return said(service.getMetadata())
                .or(() -> namespace.flatMap(Takeover::said))
                .orElse(false);
    }

    /** What an object says of itself; empty if it says nothing. */
    public static Optional<Boolean> said(ObjectMeta meta) {
        return Optional.ofNullable(meta.getLabels())
                .flatMap(labels -> Optional.ofNullable(labels.get(OPT_IN)))
                .or(() -> Optional.ofNullable(meta.getAnnotations())
                        .flatMap(annotations -> Optional.ofNullable(annotations.get(OPT_IN))))
                .map("true"::equals);
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

    /** The Service as it would be if it were not taken over: for those who read and change what it says. */
    public static Service asWanted(Service service) {
        if (Original.kept(service).isEmpty()) {
            return service;
        }
        Original wanted = wanted(service);
        return new ServiceBuilder(service)
                .editMetadata()
                .removeFromAnnotations(Original.ANNOTATION)
                .endMetadata()
                .editSpec()
                .withSelector(wanted.selector())
                .withPorts(wanted.servicePorts())
                .endSpec()
                .build();
    }

    /**
     * The Service with what is wanted of it now, still led to gateways. If those could not serve that, because it has other ports or its
     * selector other keys, it is given back, to be led to them anew.
     *
     * @param live   as it is, perhaps taken over
     * @param wanted what {@link #asWanted} has made of it, changed
     */
    public static Service with(Service live, Service wanted) {
        Optional<Original> kept = Original.kept(live);
        Map<Integer, IntOrString> targets = new HashMap<>();
        live.getSpec().getPorts().stream()
                .filter(port -> port.getTargetPort() != null
                        && port.getTargetPort().getIntVal() != null
                        && MeshPort.isOne(port.getTargetPort().getIntVal()))
                .forEach(port -> targets.put(port.getPort(), port.getTargetPort()));
        Original original = Original.now(wanted);
        boolean served = wanted.getSpec().getPorts().stream().allMatch(port -> targets.containsKey(port.getPort()));
        if (kept.isEmpty()
                || !served
                || !selector(original).equals(live.getSpec().getSelector())) {
            return wanted;
        }
        List<ServicePort> ports = wanted.getSpec().getPorts().stream()
                .map(port -> new ServicePortBuilder(port)
                        .withTargetPort(targets.get(port.getPort()))
                        .build())
                .toList();
        return new ServiceBuilder(wanted)
                .editMetadata()
                .addToAnnotations(Original.ANNOTATION, original.text())
                .endMetadata()
                .editSpec()
                .withSelector(selector(original))
                .withPorts(ports)
                .endSpec()
                .build();
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
        annotate(patch, service, original);
        add(patch, "replace", "/spec/selector").set("value", Original.JSON.valueToTree(selector(original)));
        int index = 0;
        for (ServicePort port : service.getSpec().getPorts()) {
            add(patch, "add", "/spec/ports/" + index++ + "/targetPort")
                    .put("value", Optional.ofNullable(ports.get(port.getPort())).orElseThrow());
        }
        return patch.toString();
    }

    /** Whether it leads to gateways though somebody has taken away what says what it was. */
    public static boolean isSpoiled(Service service) {
        Map<String, String> selector = Original.now(service).selector();
        return Original.kept(service).isEmpty()
                && !selector.isEmpty()
                && selector.values().stream().allMatch(VALUE::equals);
    }

    /** The JSON patch that says again what a spoiled one was, as its twin remembers it. */
    public static String mend(Service service, Service twin) {
        Map<Integer, IntOrString> targets = new HashMap<>();
        twin.getSpec().getPorts().forEach(port -> targets.put(port.getPort(), port.getTargetPort()));
        Service was = new ServiceBuilder(service)
                .editSpec()
                .withSelector(twin.getSpec().getSelector())
                .withPorts(service.getSpec().getPorts().stream()
                        .map(port -> new ServicePortBuilder(port)
                                .withTargetPort(targets.getOrDefault(port.getPort(), port.getTargetPort()))
                                .build())
                        .toList())
                .endSpec()
                .build();
        ArrayNode patch = patch(service);
        annotate(patch, service, Original.now(was));
        return patch.toString();
    }

    private static void annotate(ArrayNode patch, Service service, Original original) {
        if (service.getMetadata().getAnnotations() == null
                || service.getMetadata().getAnnotations().isEmpty()) {
            add(patch, "add", "/metadata/annotations").putObject("value");
        }
        add(patch, "add", "/metadata/annotations/" + escaped(Original.ANNOTATION))
                .put("value", original.text());
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
