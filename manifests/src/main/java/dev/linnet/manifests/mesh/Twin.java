package dev.linnet.manifests.mesh;

import dev.linnet.manifests.endpoints.ServiceReading;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.List;
import java.util.Map;

/** The headless Service beside one that leads to gateways: it makes Kubernetes go on finding the real endpoints. */
public final class Twin {
    private static final String SUFFIX = "-linnet";

    private Twin() {}

    public static String name(String service) {
        return service + SUFFIX;
    }

    public static boolean isOne(Service service) {
        Map<String, String> labels = service.getMetadata().getLabels();
        return labels != null && labels.containsKey(ServiceReading.TWIN_LABEL);
    }

    /** As it has to be. It goes with the Service. */
    public static Service of(Service service) {
        Original original = Takeover.wanted(service);
        List<ServicePort> ports = original.servicePorts();
        ports.forEach(port -> port.setNodePort(null));
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(service.getMetadata().getNamespace())
                .withName(name(service.getMetadata().getName()))
                .withLabels(
                        Map.of(ServiceReading.TWIN_LABEL, service.getMetadata().getName(), Takeover.OPT_IN, "false"))
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion("v1")
                        .withKind("Service")
                        .withName(service.getMetadata().getName())
                        .withUid(service.getMetadata().getUid())
                        .build())
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                .withSelector(original.selector())
                .withPorts(ports)
                .endSpec()
                .build();
    }
}
