package dev.linnet.machine.autoscaling;

import dev.linnet.machine.Part;
import dev.linnet.machine.Workbench;
import dev.linnet.machine.autoscaling.Autoscaling.Decision;
import dev.linnet.machine.control.Events;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.ReconcileLoop;
import dev.linnet.machine.control.Reconciler;
import dev.linnet.machine.control.Watched;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.api.model.autoscaling.v1.ScaleBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReference;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

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
    private final ResourceMetrics metrics;
    private final Watched<HorizontalPodAutoscaler> autoscalers;
    private final Map<Key, History> histories = new ConcurrentHashMap<>();
    private final ReconcileLoop<Key> loop;

    public AutoscalerController(Workbench bench) {
        this.client = bench.client();
        this.clock = bench.clock();
        this.events = bench.events().by(NAME);
        this.scales = new Scales(client);
        this.metrics = new ResourceMetrics(client);
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
            histories.remove(key);
            return Reconciler.NOT_AGAIN;
        }
        HorizontalPodAutoscaler autoscaler = found.get();
        Optional<Scale> scale = scales.get(key.namespace(), autoscaler.getSpec().getScaleTargetRef());
        if (scale.isEmpty()) {
            return LOOK_AGAIN;
        }
        Instant now = clock.instant();
        History history = histories.getOrDefault(key, History.NONE);
        Decision decision =
                Autoscaling.decide(autoscaler, scale.get(), history, proposals(key.namespace(), scale.get(), now), now);
        carryOut(decision, autoscaler, scale.get());
        histories.put(key, decision.history());
        return LOOK_AGAIN;
    }

    /** Pods and their usage are asked for once, and only when a metric wants to know. */
    private Function<MetricSpec, Proposal> proposals(String namespace, Scale scale, Instant now) {
        AtomicReference<Optional<Proposal.Evidence>> evidence = new AtomicReference<>(Optional.empty());
        return metric -> {
            if (evidence.get().isEmpty()) {
                evidence.set(Optional.of(evidence(namespace, scale, now)));
            }
            return Proposal.of(metric, evidence.get().orElseThrow());
        };
    }

    private Proposal.Evidence evidence(String namespace, Scale scale, Instant now) {
        int current = scale.getSpec() == null || scale.getSpec().getReplicas() == null
                ? 0
                : scale.getSpec().getReplicas();
        String selector = scale.getStatus() == null || scale.getStatus().getSelector() == null
                ? ""
                : scale.getStatus().getSelector();
        if (selector.isEmpty()) {
            return new Proposal.Evidence(
                    current, List.of(), new Usage.Unknown("the HPA target's scale is missing a selector"), now);
        }
        List<Pod> pods = client.pods()
                .inNamespace(namespace)
                .withLabelSelector(selector)
                .list()
                .getItems();
        return new Proposal.Evidence(current, pods, metrics.of(namespace, selector), now);
    }

    private void carryOut(Decision decision, HorizontalPodAutoscaler autoscaler, Scale scale) {
        for (Proposal.Impossible problem : decision.problems()) {
            if (!isKnown(problem, autoscaler)) {
                events.warning(autoscaler, problem.reason(), problem.why());
            }
        }
        if (!decision.reason().isEmpty()) {
            scales.put(
                    autoscaler.getMetadata().getNamespace(),
                    autoscaler.getSpec().getScaleTargetRef(),
                    new ScaleBuilder(scale)
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
    }

    /** Told once, and not every quarter of a minute for as long as it lasts. */
    private static boolean isKnown(Proposal.Impossible problem, HorizontalPodAutoscaler autoscaler) {
        return autoscaler.getStatus() != null
                && autoscaler.getStatus().getConditions().stream()
                        .anyMatch(condition -> problem.reason().equals(condition.getReason())
                                && condition.getMessage().endsWith(problem.why()));
    }
}
