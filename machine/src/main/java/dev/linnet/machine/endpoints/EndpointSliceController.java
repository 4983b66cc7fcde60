package dev.linnet.machine.endpoints;

import dev.linnet.machine.Part;
import dev.linnet.machine.Workbench;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.Owners;
import dev.linnet.machine.control.ReconcileLoop;
import dev.linnet.machine.control.Reconciler;
import dev.linnet.machine.control.Watched;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the EndpointSlices of Services that select Pods, as soon as a Pod changes. */
public final class EndpointSliceController implements Part {
    private static final String NAME = "endpointslice-controller";
    private static final int WORKERS = 4;

    private final KubernetesClient client;
    private final SelectedPods selected;
    private final Watched<EndpointSlice> slices;
    private final ReconcileLoop<Key> loop;

    public EndpointSliceController(Workbench bench) {
        this.client = bench.client();
        this.selected = new SelectedPods(bench.informers());
        this.slices = bench.informers().of(EndpointSlice.class);
        List<Watched<?>> reads = new ArrayList<>(selected.caches());
        reads.add(slices);
        this.loop = new ReconcileLoop<>(NAME, WORKERS, reads, this::reconcile);
        selected.touch(loop);
        slices.onChange(slice -> {
            if (isOurs(slice)) {
                loop.touch(new Key(slice.getMetadata().getNamespace(), serviceName(slice)));
            }
        });
    }

    private static boolean isOurs(EndpointSlice slice) {
        Map<String, String> labels = slice.getMetadata().getLabels();
        return labels != null
                && ServiceLabels.SLICE_CONTROLLER.equals(labels.get(ServiceLabels.SLICE_MANAGED_BY))
                && labels.containsKey(ServiceLabels.SERVICE_NAME);
    }

    private static String serviceName(EndpointSlice slice) {
        return slice.getMetadata().getLabels().getOrDefault(ServiceLabels.SERVICE_NAME, "");
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
        // Slices of a Service that is gone are collected with it.
        if (service.isEmpty() || Owners.isBeingDeleted(service.get()) || !ServiceLabels.selectsPods(service.get())) {
            return Reconciler.NOT_AGAIN;
        }
        List<EndpointSlice> existing = slices.inNamespace(key.namespace()).stream()
                .filter(slice -> isOurs(slice)
                        && serviceName(slice).equals(key.name())
                        && Owners.controls(service.get(), slice)
                        && !Owners.isBeingDeleted(slice))
                .toList();
        SlicePlan plan = SlicePlan.next(service.get(), selected.of(service.get()), existing);
        plan.create().forEach(slice -> client.resource(slice).create());
        plan.update().forEach(slice -> client.resource(slice).update());
        plan.delete().forEach(slice -> client.resource(slice).delete());
        return Reconciler.NOT_AGAIN;
    }
}
