package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.Ownership;
import dev.linnet.manifests.flagger.ReleaseServices;
import dev.linnet.manifests.flagger.ReleaseServices.Which;
import dev.linnet.rollout.evidence.Side;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** The Services of a release, as the API server has them. */
public final class Services {
    private final KubernetesClient client;
    private final ReleaseServices wanted;

    public Services(KubernetesClient client, ReleaseServices wanted) {
        this.client = client;
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

    /** Gives the one that callers use back, unless it goes with its Canary anyway. */
    public void revert() throws Changed {
        Optional<Service> live = live(Which.APEX);
        if (live.isPresent() && !Ownership.controls(wanted.owner(), live.get())) {
            write(live.get(), wanted.pointedAtTarget(live.get()));
        }
    }

    private void ensure(Which which) throws Changed {
        Optional<Service> live = live(which);
        if (live.isEmpty()) {
            Writes.create(client, wanted.create(which));
        } else {
            write(live.get(), wanted.mend(which, live.get()));
        }
    }

    private void write(Service live, Service mended) throws Changed {
        if (!mended.equals(live)) {
            Writes.replace(client, mended);
        }
    }

    private Optional<Service> live(Which which) {
        return Optional.ofNullable(client.services()
                .inNamespace(wanted.names().namespace())
                .withName(wanted.name(which))
                .get());
    }
}
