package dev.linnet.manifests.flagger;

import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code spec.service}: how the Services of a release look.
 *
 * @param port         of the Services
 * @param portName     its name
 * @param targetPort   of the containers, a number or a name
 * @param appProtocol  of the port
 * @param discovers    whether the workload's other container ports are offered too
 * @param headless     whether they have no cluster IP
 * @param distribution {@code trafficDistribution}
 * @param apex         extra labels and annotations of the Service that callers use; the others likewise
 * @param unmanaged    labels and annotations that are left as they are found
 */
public record CanaryService(
        int port,
        String portName,
        IntOrString targetPort,
        Optional<String> appProtocol,
        boolean discovers,
        boolean headless,
        Optional<String> distribution,
        Marks apex,
        Marks primary,
        Marks canary,
        Unmanaged unmanaged) {

    /** Labels and annotations. */
    public record Marks(Map<String, String> labels, Map<String, String> annotations) {
        public static final Marks NONE = new Marks(Map.of(), Map.of());

        public Marks {
            labels = Map.copyOf(labels);
            annotations = Map.copyOf(annotations);
        }
    }

    /** Keys of labels and annotations that belong to somebody else. */
    public record Unmanaged(List<String> labels, List<String> annotations) {
        public Unmanaged {
            labels = List.copyOf(labels);
            annotations = List.copyOf(annotations);
        }
    }
}
