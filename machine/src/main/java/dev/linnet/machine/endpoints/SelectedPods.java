package dev.linnet.machine.endpoints;

import dev.linnet.machine.control.Informers;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.ReconcileLoop;
import dev.linnet.machine.control.Selectors;
import dev.linnet.machine.control.Watched;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Optional;

/** Services and the Pods behind them, and whose endpoints a change concerns. */
final class SelectedPods {
    private final Watched<Service> services;
    private final Watched<Pod> pods;

    SelectedPods(Informers informers) {
        this.services = informers.of(Service.class);
        this.pods = informers.of(Pod.class);
    }

    List<Watched<?>> caches() {
        return List.of(services, pods);
    }

    void touch(ReconcileLoop<Key> loop) {
        services.onChange(service -> loop.touch(Key.of(service)));
        pods.onChange(pod -> services.inNamespace(pod.getMetadata().getNamespace()).stream()
                .filter(service -> selects(service, pod))
                .forEach(service -> loop.touch(Key.of(service))));
    }

    private static boolean selects(Service service, Pod pod) {
        return Selectors.matches(
                service.getSpec().getSelector(), pod.getMetadata().getLabels());
    }

    Optional<Service> service(Key key) {
        return services.get(key);
    }

    List<Pod> of(Service service) {
        return pods.inNamespace(service.getMetadata().getNamespace()).stream()
                .filter(pod -> selects(service, pod))
                .toList();
    }
}
