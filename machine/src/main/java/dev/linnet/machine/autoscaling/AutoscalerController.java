package dev.linnet.machine.autoscaling;

import dev.linnet.machine.Part;
import dev.linnet.machine.Workbench;
import dev.linnet.machine.autoscaling.Autoscaling.Decision;
import dev.linnet.machine.control.Events;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.ReconcileLoop;
import dev.linnet.machine.control.Reconciler;
import dev.linnet.machine.control.Watched;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.api.model.autoscaling.v1.ScaleBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReference;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Keeps the targets of HorizontalPodAutoscalers within their limits. */
public final class AutoscalerController implements Part {
    private static final String NAME = "horizontal-pod-autoscaler";
    private static final int WORKERS = 2;
    /** Kubernetes' own interval. Deployments are looked at as soon as they change. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(15);

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Events.Recorder events;
    private final Scales scales;
    private final Watched<HorizontalPodAutoscaler> autoscalers;
    private final ReconcileLoop<Key> loop;

    public AutoscalerController(Workbench bench) {
        this.client = bench.client();
        this.clock = bench.clock();
        this.events = bench.events().by(NAME);
        this.scales = new Scales(client);
        this.autoscalers = bench.informers().of(HorizontalPodAutoscaler.class);
        this.loop = new ReconcileLoop<>(NAME, WORKERS, List.of(autoscalers), this::reconcile);
        autoscalers.onChange(autoscaler -> loop.touch(Key.of(autoscaler)));
        bench.informers().of(Deployment.class).onChange(this::touchThoseOf);
    }

    private void touchThoseOf(Deployment deployment) {
        autoscalers.inNamespace(deployment.getMetadata().getNamespace()).stream()
                .filter(autoscaler -> targets(autoscaler, deployment))
                .forEach(autoscaler -> loop.touch(Key.of(autoscaler)));
    }

    private static boolean targets(HorizontalPodAutoscaler autoscaler, Deployment deployment) {
        CrossVersionObjectReference target = autoscaler.getSpec().getScaleTargetRef();
        return "Deployment".equals(target.getKind())
                && deployment.getMetadata().getName().equals(target.getName());
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
        Optional<HorizontalPodAutoscaler> found = autoscalers.get(key);
        if (found.isEmpty()) {
            return Reconciler.NOT_AGAIN;
        }
        HorizontalPodAutoscaler autoscaler = found.get();
        CrossVersionObjectReference target = autoscaler.getSpec().getScaleTargetRef();
        Optional<Scale> scale = scales.get(key.namespace(), target);
        if (scale.isEmpty()) {
            return LOOK_AGAIN;
        }
        Decision decision = Autoscaling.decide(autoscaler, scale.get(), clock.instant());
        if (!decision.reason().isEmpty()) {
            scales.put(
                    key.namespace(),
                    target,
                    new ScaleBuilder(scale.get())
                            .editOrNewSpec()
                            .withReplicas(decision.replicas())
                            .endSpec()
                            .build());
            events.normal(
                    autoscaler,
                    "SuccessfulRescale",
                    "New size: " + decision.replicas() + "; reason: " + decision.reason());
        }
        if (!decision.status().equals(autoscaler.getStatus())) {
            client.resource(new HorizontalPodAutoscalerBuilder(autoscaler)
                            .withStatus(decision.status())
                            .build())
                    .updateStatus();
        }
        return LOOK_AGAIN;
    }
}
