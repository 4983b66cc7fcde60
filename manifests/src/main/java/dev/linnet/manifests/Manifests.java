package dev.linnet.manifests;

import dev.linnet.manifests.gatewayapi.GatewayApiObject;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import java.util.List;

/**
 * The objects of some manifest files that count for routing, in the order of the files, and what could not be read.
 * Objects of other kinds are left out.
 */
public record Manifests(List<HasMetadata> objects, List<Mistake> mistakes) {
    /** What the versions of Istio's kinds begin with. */
    static final String ISTIO = "networking.istio.io/";

    public Manifests {
        objects = List.copyOf(objects);
        mistakes = List.copyOf(mistakes);
    }

    public List<Ingress> ingresses() {
        return of(Ingress.class);
    }

    public List<IngressClass> ingressClasses() {
        return of(IngressClass.class);
    }

    /** Only what nobody reads strictly: a Pod is here for its address. */
    public List<GenericKubernetesResource> pods() {
        return generic("Pod");
    }

    /** Whatever of Istio there is. */
    public List<GenericKubernetesResource> istio() {
        return of(GenericKubernetesResource.class).stream()
                .filter(object -> object.getApiVersion().startsWith(ISTIO))
                .toList();
    }

    /** Whatever of Gateway API there is. */
    public List<GenericKubernetesResource> gatewayApi() {
        return of(GenericKubernetesResource.class).stream()
                .filter(object -> isOfGatewayApi(object.getApiVersion()))
                .toList();
    }

    static boolean isOfGatewayApi(String apiVersion) {
        return apiVersion.startsWith(GatewayApiObject.GROUP + "/");
    }

    public List<Service> services() {
        return of(Service.class);
    }

    public List<EndpointSlice> endpointSlices() {
        return of(EndpointSlice.class);
    }

    public List<ConfigMap> configMaps() {
        return of(ConfigMap.class);
    }

    /** Flagger's. */
    public List<GenericKubernetesResource> canaries() {
        return generic("Canary");
    }

    /** Flagger's. */
    public List<GenericKubernetesResource> metricTemplates() {
        return generic("MetricTemplate");
    }

    /** Names of the ValidatingWebhookConfigurations. */
    public List<String> validatingWebhooks() {
        return generic("ValidatingWebhookConfiguration").stream()
                .map(webhook -> webhook.getMetadata().getName())
                .toList();
    }

    private List<GenericKubernetesResource> generic(String kind) {
        return of(GenericKubernetesResource.class).stream()
                .filter(object -> object.getKind().equals(kind))
                .toList();
    }

    private <T extends HasMetadata> List<T> of(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
