package dev.linnet.machine.podproxy;

import dev.linnet.machine.control.Key;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A cluster's objects, as a test wants them. */
final class FakeCluster implements ClusterView {
    private final List<Service> services = new ArrayList<>();
    private final List<EndpointSlice> slices = new ArrayList<>();
    private final List<Ingress> ingresses = new ArrayList<>();

    FakeCluster service(String namespace, String name, String spec) {
        services.add(Serialization.unmarshal(
                "---\n{apiVersion: v1, kind: Service, metadata: {name: %s, namespace: %s}, spec: %s}"
                        .formatted(name, namespace, spec),
                Service.class));
        return this;
    }

    FakeCluster slice(String namespace, String service, String content) {
        slices.add(Serialization.unmarshal(
                "---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: %s, namespace: %s}, %s}"
                        .formatted(service, namespace, content),
                EndpointSlice.class));
        return this;
    }

    FakeCluster ingress(String name, String host, String loadBalancer) {
        ingresses.add(Serialization.unmarshal(
                "---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: %s, namespace: test}, spec: {rules: [{host: '%s'}]}, status: {loadBalancer: %s}}"
                        .formatted(name, host, loadBalancer),
                Ingress.class));
        return this;
    }

    @Override
    public Optional<Service> service(Key key) {
        return services.stream().filter(each -> Key.of(each).equals(key)).findFirst();
    }

    @Override
    public Collection<Service> services() {
        return services;
    }

    @Override
    public List<EndpointSlice> slices(Key service) {
        return slices.stream().filter(each -> Key.of(each).equals(service)).toList();
    }

    @Override
    public Collection<Ingress> ingresses() {
        return ingresses;
    }
}
