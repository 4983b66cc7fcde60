package dev.linnet.machine.endpoints;

import io.fabric8.kubernetes.api.model.Service;
import java.util.HashMap;
import java.util.Map;

/** What EndpointSlices and Endpoints inherit from their Service. */
final class ServiceLabels {
    static final String SERVICE_NAME = "kubernetes.io/service-name";
    static final String SLICE_MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    static final String SLICE_CONTROLLER = "endpointslice-controller.k8s.io";
    static final String ENDPOINTS_MANAGED_BY = "endpoints.kubernetes.io/managed-by";
    static final String ENDPOINTS_CONTROLLER = "endpoint-controller";
    private static final String HEADLESS = "service.kubernetes.io/headless";

    private ServiceLabels() {}

    static Map<String, String> forSlice(Service service) {
        Map<String, String> labels = inherited(service);
        labels.put(SERVICE_NAME, service.getMetadata().getName());
        labels.put(SLICE_MANAGED_BY, SLICE_CONTROLLER);
        return labels;
    }

    static Map<String, String> forEndpoints(Service service) {
        Map<String, String> labels = inherited(service);
        labels.put(ENDPOINTS_MANAGED_BY, ENDPOINTS_CONTROLLER);
        return labels;
    }

    private static Map<String, String> inherited(Service service) {
        Map<String, String> own = service.getMetadata().getLabels();
        Map<String, String> labels = new HashMap<>(own == null ? Map.of() : own);
        labels.remove(HEADLESS);
        if ("None".equals(service.getSpec().getClusterIP())) {
            labels.put(HEADLESS, "");
        }
        return labels;
    }

    /** True when the Service's endpoints are ours to write: it selects Pods, and is no alias of another name. */
    static boolean selectsPods(Service service) {
        Map<String, String> selector = service.getSpec().getSelector();
        return selector != null
                && !selector.isEmpty()
                && !"ExternalName".equals(service.getSpec().getType());
    }
}
