package dev.linnet.cli.demo;

import dev.linnet.cli.UserError;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a person would do with kubectl during a release, step by step, on a namespace of its own. */
final class Stage {
    static final String NAMESPACE = "test";
    static final String HOST = "podinfo.example.com";
    private static final String CANARY = "podinfo-canary";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final KubernetesClient client;
    private final Applied applied;
    private String canaryService = CANARY;

    /** Tells whether the gateway obeys a version of an object by now. */
    interface Applied {
        boolean ingress(String namespace, String name, String resourceVersion);
    }

    Stage(KubernetesClient client, Applied applied) {
        this.client = client;
        this.applied = applied;
    }

    void open() {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .serverSideApply();
    }

    /** Deploys one version with a Service of the same name, and waits until all its Pods are ready. */
    void deploy(String name, String version, Map<String, String> env) {
        apply(
                "version.yaml",
                Map.of("name", name, "version", version, "fault", env.getOrDefault("FAULT_ERROR_RATE", "0")));
        try {
            client.apps()
                    .deployments()
                    .inNamespace(NAMESPACE)
                    .withName(name)
                    .waitUntilCondition(Stage::isReady, PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (KubernetesClientTimeoutException e) {
            throw new UserError(
                    "Deployment " + name + " was not ready within " + PATIENCE.toSeconds() + " s (see: kubectl -n "
                            + NAMESPACE + " describe pods)",
                    e);
        }
    }

    private static boolean isReady(@Nullable Deployment deployment) {
        return deployment != null
                && deployment.getStatus() != null
                && deployment
                        .getSpec()
                        .getReplicas()
                        .equals(deployment.getStatus().getReadyReplicas());
    }

    void route() throws InterruptedException {
        awaitApplied(apply("ingress.yaml", Map.of()));
    }

    /** Waits until the gateway answers for the route. */
    void awaitRoute(Load load) throws InterruptedException {
        await("the gateway to answer for " + HOST, () -> load.ask().equals(Story.FIRST));
    }

    void pointCanaryAt(String service) {
        canaryService = service;
    }

    /** Sets the canary's weight, and returns once the gateway obeys it. */
    void canary(int weight) throws InterruptedException {
        awaitApplied(apply("canary.yaml", Map.of("service", canaryService, "weight", Integer.toString(weight))));
    }

    /** Waits until no request meets that version any more. */
    void awaitCanaryIdle(Load load, String version) throws InterruptedException {
        long[] last = {-1};
        await("the last request to " + version, () -> {
            long now = load.tally().of(version).all();
            boolean same = now == last[0];
            last[0] = now;
            return same;
        });
    }

    /** Points the stable Service at the Pods of another Deployment, as the last step of a release by hand. */
    void pointStableAt(String app) {
        client.services().inNamespace(NAMESPACE).withName("podinfo").edit(service -> {
            service.getSpec().setSelector(Map.of("app", app));
            return service;
        });
    }

    void deleteCanary() {
        client.network()
                .v1()
                .ingresses()
                .inNamespace(NAMESPACE)
                .withName(CANARY)
                .delete();
    }

    void deleteDeployment(String name) {
        client.apps().deployments().inNamespace(NAMESPACE).withName(name).delete();
    }

    private HasMetadata apply(String template, Map<String, String> values) {
        String text = read(template);
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("${" + value.getKey() + "}", value.getValue());
        }
        HasMetadata first = null;
        for (HasMetadata object : client.load(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .items()) {
            HasMetadata stored = client.resource(object)
                    .fieldManager("linnet-demo")
                    .forceConflicts()
                    .serverSideApply();
            first = first == null ? stored : first;
        }
        if (first == null) {
            throw new IllegalStateException(template + " has no object");
        }
        return first;
    }

    private static String read(String template) {
        try (InputStream in = Stage.class.getResourceAsStream(template)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + template);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + template, e);
        }
    }

    private void awaitApplied(HasMetadata ingress) throws InterruptedException {
        var meta = ingress.getMetadata();
        await(
                "the gateway to obey Ingress " + meta.getName(),
                () -> applied.ingress(meta.getNamespace(), meta.getName(), meta.getResourceVersion()));
    }

    private static void await(String what, Callable<Boolean> condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            if (holds(condition)) {
                return;
            }
            Thread.sleep(20);
        }
        throw new UserError("waited " + PATIENCE.toSeconds() + " s for " + what + ", in vain");
    }

    private static boolean holds(Callable<Boolean> condition) throws InterruptedException {
        try {
            return condition.call();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return false; // not yet: a connection refused while the route comes up is the same as a 404
        }
    }
}
