package dev.linnet.machine.endpoints;

import dev.linnet.machine.Part;
import dev.linnet.machine.Workbench;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.ReconcileLoop;
import dev.linnet.machine.control.Reconciler;
import dev.linnet.machine.control.Watched;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the Endpoints of Services that select Pods, for clients that have not moved to EndpointSlices. */
public final class EndpointsController implements Part {
    private static final String NAME = "endpoint-controller";
    private static final int WORKERS = 2;

    private final KubernetesClient client;
    private final SelectedPods selected;
    private final Watched<Endpoints> endpoints;
    private final ReconcileLoop<Key> loop;

    public EndpointsController(Workbench bench) {
        this.client = bench.client();
        this.selected = new SelectedPods(bench.informers());
        this.endpoints = bench.informers().of(Endpoints.class);
        List<Watched<?>> reads = new ArrayList<>(selected.caches());
        reads.add(endpoints);
        this.loop = new ReconcileLoop<>(NAME, WORKERS, reads, this::reconcile);
        selected.touch(loop);
        endpoints.onChange(object -> loop.touch(Key.of(object)));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Duration reconcile(Key key) {
        Optional<Service> service = selected.service(key);
        Optional<Endpoints> there = endpoints.get(key);
        if (service.isEmpty()) {
            // They have no owner reference; Kubernetes never gave them one.
            there.filter(EndpointsController::isOurs)
                    .ifPresent(object -> client.resource(object)
                            .lockResourceVersion(object.getMetadata().getResourceVersion())
                            .delete());
        } else if (ServiceLabels.selectsPods(service.get())) {
            write(EndpointsObject.of(service.get(), selected.of(service.get())), there);
        }
        return Reconciler.NOT_AGAIN;
    }

    private static boolean isOurs(Endpoints object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels != null
                && ServiceLabels.ENDPOINTS_CONTROLLER.equals(labels.get(ServiceLabels.ENDPOINTS_MANAGED_BY));
    }

    private void write(Endpoints wanted, Optional<Endpoints> there) {
        if (there.isEmpty()) {
            client.resource(wanted).create();
        } else if (!EndpointsObject.same(wanted, there.get())) {
            client.resource(new EndpointsBuilder(there.get())
                            .editMetadata()
                            .withLabels(wanted.getMetadata().getLabels())
                            .endMetadata()
                            .withSubsets(wanted.getSubsets())
                            .build())
                    .update();
        }
    }
}
