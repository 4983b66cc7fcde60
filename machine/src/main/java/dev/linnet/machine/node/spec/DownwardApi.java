package dev.linnet.machine.node.spec;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a Pod may know of itself.
 *
 * @param pod       as the API has it
 * @param podIp     its address, which the API may not know yet
 * @param hostIp    the address of its node
 * @param nodeSize  what the node offers ({@code cpu}, {@code memory}), for containers without limits
 */
public record DownwardApi(Pod pod, String podIp, String hostIp, Map<String, Quantity> nodeSize) {

    private static final Pattern ENTRY = Pattern.compile("metadata\\.(labels|annotations)\\['([^']*)']");

    public DownwardApi {
        nodeSize = Map.copyOf(nodeSize);
    }

    /**
     * A field of the Pod.
     *
     * @param path {@code status.podIP}, {@code metadata.labels['app']}…
     * @throws MissingReference when there is no such field
     */
    public String field(String path) throws MissingReference {
        ObjectMeta metadata = pod.getMetadata();
        Matcher entry = ENTRY.matcher(path);
        if (entry.matches()) {
            Map<String, String> entries =
                    entry.group(1).equals("labels") ? metadata.getLabels() : metadata.getAnnotations();
            return orEmpty(orEmpty(entries).get(entry.group(2)));
        }
        return switch (path) {
            case "metadata.name" -> metadata.getName();
            case "metadata.namespace" -> metadata.getNamespace();
            case "metadata.uid" -> metadata.getUid();
            case "metadata.labels" -> lines(metadata.getLabels());
            case "metadata.annotations" -> lines(metadata.getAnnotations());
            case "spec.nodeName" -> orEmpty(pod.getSpec().getNodeName());
            case "spec.serviceAccountName" ->
                Objects.requireNonNullElse(pod.getSpec().getServiceAccountName(), "default");
            case "status.podIP", "status.podIPs" -> podIp;
            case "status.hostIP", "status.hostIPs" -> hostIp;
            default -> throw new MissingReference("unsupported fieldPath: " + path);
        };
    }

    /**
     * A request or limit of a container, rounded up to whole divisors.
     *
     * @param own the container that asks, if the selector names no other
     * @throws MissingReference when there is no such container or resource
     */
    public String resource(ResourceFieldSelector selector, Container own) throws MissingReference {
        Container container = container(selector, own);
        String[] path = selector.getResource().split("\\.", 2);
        if (path.length != 2 || !(path[0].equals("limits") || path[0].equals("requests"))) {
            throw new MissingReference("unsupported container resource: " + selector.getResource());
        }
        BigDecimal amount = amount(container, path[0], path[1]);
        return amount.divide(divisor(selector), 0, RoundingMode.CEILING).toPlainString();
    }

    private Container container(ResourceFieldSelector selector, Container own) throws MissingReference {
        String name = selector.getContainerName();
        if (name == null || name.isEmpty() || name.equals(own.getName())) {
            return own;
        }
        return pod.getSpec().getContainers().stream()
                .filter(container -> container.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new MissingReference("container " + name + " not found"));
    }

    private BigDecimal amount(Container container, String which, String resource) {
        ResourceRequirements resources =
                Objects.requireNonNullElseGet(container.getResources(), ResourceRequirements::new);
        Optional<Quantity> limit =
                Optional.ofNullable(orEmpty(resources.getLimits()).get(resource));
        Optional<Quantity> request =
                Optional.ofNullable(orEmpty(resources.getRequests()).get(resource));
        Optional<Quantity> found = which.equals("limits")
                ? limit.or(() -> Optional.ofNullable(nodeSize.get(resource)))
                : request.or(() -> limit);
        return found.map(Quantity::getNumericalAmount).orElse(BigDecimal.ZERO);
    }

    private static BigDecimal divisor(ResourceFieldSelector selector) {
        Quantity divisor = selector.getDivisor();
        BigDecimal amount = divisor == null ? BigDecimal.ZERO : divisor.getNumericalAmount();
        return amount.signum() == 0 ? BigDecimal.ONE : amount;
    }

    /** As kubelet writes labels and annotations into files. */
    private static String lines(@Nullable Map<String, String> entries) {
        return new TreeMap<>(orEmpty(entries))
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + quoted(entry.getValue()))
                        .collect(Collectors.joining("\n"));
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private static String orEmpty(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }

    private static <V> Map<String, V> orEmpty(@Nullable Map<String, V> map) {
        return Objects.requireNonNullElse(map, Map.of());
    }
}
