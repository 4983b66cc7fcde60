package dev.linnet.controller;

import dev.linnet.controller.api.LeanStore;
import dev.linnet.controller.fetch.Fetch;
import dev.linnet.controller.fetch.OwnToken;
import dev.linnet.controller.hook.LoadTesterToken;
import dev.linnet.controller.hook.Webhooks;
import dev.linnet.controller.mesh.ActingControllers;
import dev.linnet.controller.mesh.Mesh;
import dev.linnet.controller.metrics.GatewayNumbers;
import dev.linnet.controller.metrics.Gateways;
import dev.linnet.controller.metrics.Measurements;
import dev.linnet.controller.metrics.aws.AwsIdentities;
import dev.linnet.controller.metrics.store.MetricStores;
import dev.linnet.controller.ops.OpsServer;
import dev.linnet.controller.ops.ReleaseMetrics;
import dev.linnet.controller.release.CanaryReconciler;
import dev.linnet.controller.release.Releases;
import dev.linnet.controller.tell.AlertReceivers;
import dev.linnet.controller.tell.Alerts;
import dev.linnet.controller.tell.EventHooks;
import dev.linnet.controller.tell.KubernetesEvents;
import dev.linnet.controller.tell.Teller;
import dev.linnet.controller.workload.Deployments;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** A running controller. */
public final class ControllerProcess implements AutoCloseable {
    private static final Duration READING = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Operator operator;
    private final CanaryReconciler reconciler;
    private final Gateways gateways;
    private final GatewayNumbers numbers;
    private final Webhooks webhooks;
    private final Fetch fetch;
    private final OpsServer ops;
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("turn-", 0).factory());
    private final Thread readings;
    private final Mesh mesh;
    private final CompletableFuture<Void> replaced = new CompletableFuture<>();
    private volatile boolean closing;

    private ControllerProcess(KubernetesClient client, ControllerSettings settings, InstantSource clock) {
        this.gateways =
                new Gateways(client, settings.gateways(), token(client, settings, Gateways.AUDIENCE, clock), clock);
        this.numbers = new GatewayNumbers(gateways, clock);
        this.webhooks = new Webhooks(
                HttpClient.newBuilder().proxy(settings.webhookProxies()),
                new LoadTesterToken(token(client, settings, LoadTesterToken.AUDIENCE, clock)));
        this.fetch = new Fetch(PATIENCE, settings.webhookProxies());
        String version = ControllerProcess.class.getPackage().getImplementationVersion();
        ReleaseMetrics metrics =
                new ReleaseMetrics(version == null ? "dev" : version, settings.provider(), System::nanoTime);
        KubernetesEvents events = new KubernetesEvents(client, clock);
        List<Teller> tellers = new ArrayList<>();
        tellers.add(events);
        tellers.add(new EventHooks(webhooks, settings.eventWebhook(), clock));
        tellers.add(
                new Alerts(new AlertReceivers(client, settings.alerts()), fetch, events, clock, Alerts.Retries.USUAL));
        this.reconciler = new Releases(
                        client,
                        events,
                        webhooks,
                        numbers,
                        measurements(client, settings, clock),
                        metrics,
                        clock,
                        actor(settings))
                .reconciler(
                        settings.provider(),
                        settings.annotationsPrefix(),
                        new Deployments.Settings(
                                settings.selectorLabels(), settings.labelPrefixes(), settings.tracksConfigs()),
                        tellers);
        this.mesh = new Mesh(client, settings.mesh(), clock);
        this.operator = new Operator(overrider -> {
            overrider
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .withExecutorService(workers)
                    .withReconciliationTerminationTimeout(Duration.ofSeconds(5));
            settings.leases().ifPresent(leases -> overrider.withLeaderElectionConfiguration(election(leases)));
        });
        operator.register(reconciler, overrider -> {
            // Annotations are actions too.
            overrider.withGenerationAware(false);
            overrider.withTriggerReconcilerOnAllEvents(true);
            overrider.withOnUpdateFilter((now, _) -> reconciler.concerns(now));
            overrider.withInformerListLimit(LeanStore.PAGE);
            overrider.withItemStore(new LeanStore<>());
            overrider.withRetry(new GenericRetry()
                    .setInitialInterval(1_000)
                    .setMaxInterval(30_000)
                    .withoutMaxAttempts());
            settings.namespace().ifPresent(overrider::settingNamespace);
        });
        this.ops = OpsServer.start(settings.metrics(), metrics);
        this.readings = Thread.ofVirtual().name("gateway-numbers").unstarted(this::read);
    }

    /** Of our own account, if we have one. */
    private static Supplier<Optional<String>> token(
            KubernetesClient client, ControllerSettings settings, String audience, InstantSource clock) {
        return settings.account()
                .<Supplier<Optional<String>>>map(own -> new OwnToken(client, own, audience, clock))
                .orElse(Optional::empty);
    }

    /** Half of the lease is left for who comes next to notice; whoever loses it must not act any more, but may not end the JVM either. */
    private LeaderElectionConfiguration election(ControllerSettings.Leases leases) {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(ActingControllers.LEASE)
                .withLeaseNamespace(leases.namespace())
                .withIdentity(leases.identity())
                .withLeaseDuration(leases.duration())
                .withRenewDeadline(leases.duration().multipliedBy(2).dividedBy(3))
                .withRetryPeriod(leases.duration().dividedBy(8))
                .withExitOnStopLeading(false)
                .withLeaderCallbacks(new LeaderCallbacks(mesh::start, this::stopsLeading, _ -> {}))
                .build();
    }

    private void stopsLeading() {
        reconciler.rest();
        if (!closing) {
            mesh.close();
            replaced.complete(null);
        }
    }

    /** Completes when this one has lost its lease and so does nothing any more: it is to be closed, and perhaps started again. */
    public CompletionStage<Void> replaced() {
        return replaced.minimalCompletionStage();
    }

    /** Who writes the Runs: a process that is started again is another one. */
    private static String actor(ControllerSettings settings) {
        return settings.leases().map(ControllerSettings.Leases::identity).orElse("controller") + "_"
                + UUID.randomUUID();
    }

    private Measurements measurements(KubernetesClient client, ControllerSettings settings, InstantSource clock) {
        AwsIdentities aws = new AwsIdentities(fetch, clock, settings.aws().reveal());
        MetricStores stores = new MetricStores(client, fetch, aws, clock);
        return new Measurements(client, fetch, numbers, stores, settings.measuring());
    }

    /** Starts one, and returns once it knows all Canaries. */
    public static ControllerProcess start(KubernetesClient client, ControllerSettings settings) {
        ControllerProcess process = new ControllerProcess(client, settings, InstantSource.system());
        process.operator.start();
        process.readings.start();
        if (settings.leases().isEmpty()) {
            process.mesh.start();
        }
        return process;
    }

    private void read() {
        try {
            while (true) {
                if (reconciler.isBusy()) {
                    numbers.read();
                    reconciler.notice();
                }
                Thread.sleep(READING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where its metrics really are. */
    public InetSocketAddress metrics() {
        return ops.address();
    }

    @Override
    public void close() {
        closing = true;
        readings.interrupt();
        mesh.close();
        operator.stop();
        reconciler.close();
        workers.shutdownNow();
        ops.close();
        webhooks.close();
        gateways.close();
        fetch.close();
    }
}
