package dev.linnet.gateway.feed;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClassBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Kubernetes objects of namespace {@code shop}, class {@code nginx}. */
public final class Shop {
    public static final String NAMESPACE = "shop";

    private Shop() {}

    public static IngressClass ingressClass() {
        return ingressClass("k8s.io/ingress-nginx");
    }

    public static IngressClass ingressClass(String controller) {
        return new IngressClassBuilder()
                .withNewMetadata()
                .withName("nginx")
                .endMetadata()
                .withNewSpec()
                .withController(controller)
                .endSpec()
                .build();
    }

    public static ConfigMap configMap(String name, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .endMetadata()
                .withData(data)
                .build();
    }

    /** One path {@code /} of one host. */
    public static Ingress ingress(String name, String host, String service) {
        return new IngressBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withIngressClassName("nginx")
                .addNewRule()
                .withHost(host)
                .withNewHttp()
                .addNewPath()
                .withPath("/")
                .withPathType("Prefix")
                .withNewBackend()
                .withNewService()
                .withName(service)
                .withNewPort()
                .withNumber(80)
                .endPort()
                .endService()
                .endBackend()
                .endPath()
                .endHttp()
                .endRule()
                .endSpec()
                .build();
    }

    public static Ingress canary(String name, String host, String service, String weight) {
        return annotated(
                ingress(name, host, service),
                Map.of(
                        "nginx.ingress.kubernetes.io/canary",
                        "true",
                        "nginx.ingress.kubernetes.io/canary-weight",
                        weight));
    }

    public static Ingress annotated(Ingress ingress, Map<String, String> annotations) {
        return new IngressBuilder(ingress)
                .editMetadata()
                .withAnnotations(new HashMap<>(annotations))
                .endMetadata()
                .build();
    }

    public static Ingress version(Ingress ingress, int resourceVersion) {
        return new IngressBuilder(ingress)
                .editMetadata()
                .withUid("uid-" + ingress.getMetadata().getName())
                .withResourceVersion(String.valueOf(resourceVersion))
                .endMetadata()
                .build();
    }

    public static Service service(String name) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .addNewPort()
                .withPort(80)
                .withNewTargetPort(8080)
                .endPort()
                .endSpec()
                .build();
    }

    public static EndpointSlice slice(String name, String service, String... addresses) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .withLabels(Map.of("kubernetes.io/service-name", service))
                .endMetadata()
                .withAddressType("IPv4")
                .addNewPort()
                .withPort(8080)
                .withProtocol("TCP")
                .endPort()
                .addAllToEndpoints(List.of(addresses).stream()
                        .map(address -> new EndpointBuilder()
                                .withAddresses(address)
                                .withNewConditions()
                                .withReady(true)
                                .endConditions()
                                .build())
                        .toList())
                .build();
    }
}
