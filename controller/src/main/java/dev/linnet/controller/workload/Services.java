package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.ReleaseServices;
import dev.linnet.manifests.flagger.ReleaseServices.Which;
import dev.linnet.rollout.evidence.Side;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The Services that lead to Pods of a release, as the API server has them. */
final class Services {
    private final WantedServices services;
    private final ReleaseServices wanted;

    Services(KubernetesClient client, ReleaseServices wanted) {
        this.services = new WantedServices(client, wanted.names().namespace());
        this.wanted = wanted;
    }

    /** One for each version. */
    public void ensure() throws Changed {
        ensure(Which.CANARY);
        ensure(Which.PRIMARY);
    }

    /** The one that callers use selects the Pods of this version. */
    public void point(Side side) throws Changed {
        if (side == Side.PRIMARY) {
            ensure(Which.APEX);
            return;
        }
        Optional<Service> live = live(Which.APEX);
        if (live.isPresent()) {
            write(live.get(), wanted.pointedAtTarget(live.get()));
        }
    }

    /** Gives the one that callers use back. */
    public void revert() throws Changed {
        Optional<Service> live = live(Which.APEX);
        if (live.isPresent()) {
            write(live.get(), wanted.given(live.get()));
        }
    }

    /** Those that there are. */
    List<HasMetadata> all() {
        return Arrays.stream(Which.values())
                .map(this::live)
                .flatMap(Optional::stream)
                .map(HasMetadata.class::cast)
                .toList();
    }

    private void ensure(Which which) throws Changed {
        Optional<Service> live = live(which);
        if (live.isEmpty()) {
            services.create(wanted.create(which));
        } else {
            write(live.get(), wanted.mend(which, live.get()));
        }
    }

    private void write(Service live, Service mended) throws Changed {
        if (!mended.equals(live)) {
            services.write(mended);
        }
    }

    private Optional<Service> live(Which which) {
        return services.find(wanted.name(which));
    }
}
