package dev.linnet.controller.workload;

import dev.linnet.manifests.mesh.Original;
import dev.linnet.manifests.mesh.Takeover;
import dev.linnet.manifests.mesh.Twin;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/**
 * The Services of a namespace as they are wanted, whether or not their traffic passes through gateways inside the cluster: a release reads and
 * changes what they are for, and leaves where they lead to whoever leads them there.
 */
final class WantedServices {
    private final KubernetesClient client;
    private final String namespace;

    WantedServices(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    Optional<Service> find(String name) {
        return live(name).map(Takeover::asWanted);
    }

    private Optional<Service> live(String name) {
        return Seen.or(
                Service.class,
                name,
                () -> Optional.ofNullable(
                        client.services().inNamespace(namespace).withName(name).get()));
    }

    void create(Service service) throws Changed {
        Writes.create(client, service);
    }

    /**
     * Writes one that was found, if it is the same version still. Its twin goes first: gateways must know the Pods before anybody takes for
     * granted that callers meet them.
     */
    void write(Service wanted) throws Changed {
        String name = wanted.getMetadata().getName();
        Service live = live(name)
                .filter(found -> found.getMetadata()
                        .getResourceVersion()
                        .equals(wanted.getMetadata().getResourceVersion()))
                .orElseThrow(() -> new Changed("Service " + namespace + "/" + name + " was changed by somebody else"));
        Service written = Takeover.with(live, wanted);
        if (Original.kept(written).isPresent()) {
            writeTwin(Twin.of(written));
        }
        Writes.replace(client, written);
    }

    private void writeTwin(Service twin) throws Changed {
        Optional<Service> live = live(twin.getMetadata().getName());
        if (live.isPresent()) {
            Writes.apply(
                    client,
                    new ServiceBuilder(twin)
                            .editMetadata()
                            .withResourceVersion(live.get().getMetadata().getResourceVersion())
                            .endMetadata()
                            .build());
        }
    }
}
