package dev.linnet.machine.podproxy;

import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.Watched;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The objects from which names get their meaning, as the API last told them. */
interface ClusterView {

    Optional<Service> service(Key key);

    Collection<Service> services();

    /** Of one Service. */
    List<EndpointSlice> slices(Key service);

    Collection<Ingress> ingresses();

    /** Follows the API. */
    record Live(
            Watched<Service> watchedServices, Watched<EndpointSlice> watchedSlices, Watched<Ingress> watchedIngresses)
            implements ClusterView {
        private static final String SERVICE_LABEL = "kubernetes.io/service-name";

        @Override
        public Optional<Service> service(Key key) {
            return watchedServices.get(key);
        }

        @Override
        public Collection<Service> services() {
            return watchedServices.all();
        }

        @Override
        public List<EndpointSlice> slices(Key service) {
            return watchedSlices.inNamespace(service.namespace()).stream()
                    .filter(slice -> {
                        Map<String, String> labels = slice.getMetadata().getLabels();
                        return labels != null && service.name().equals(labels.get(SERVICE_LABEL));
                    })
                    .toList();
        }

        @Override
        public Collection<Ingress> ingresses() {
            return watchedIngresses.all();
        }
    }
}
