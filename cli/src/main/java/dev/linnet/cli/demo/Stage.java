package dev.linnet.cli.demo;

import dev.linnet.cli.UserError;
import dev.linnet.controller.api.Canary;
import dev.linnet.samples.Samples;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a person would do with kubectl: put everything into its place once, and then only set images. */
final class Stage {
    static final String NAMESPACE = "test";
    static final String HOST = "app.example.com";
    private static final String TARGET = "podinfo";
    private static final String MANAGER = "linnet-demo";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_ATTEMPTS = 10;

    private final KubernetesClient client;

    Stage(KubernetesClient client) {
        this.client = client;
    }

    /** podinfo, its Ingress, and the load tester, all of which serve when this returns. */
    void furnish(Load load) throws InterruptedException {
        apply(sample("podinfo"));
        apply(sample("loadtester"));
        apply(read("ingress.yaml"));
        awaitReady(TARGET);
        awaitReady("flagger-loadtester");
        await("the gateway to answer for " + HOST, () -> load.ask().equals(Story.FIRST));
    }

    void apply(Pace pace) {
        String text = read("canary.yaml")
                .replace("${interval}", pace.interval())
                .replace("${stepWeight}", Integer.toString(pace.stepWeight()));
        apply(client.getKubernetesSerialization().unmarshal(text, Canary.class));
    }

    /** {@code kubectl set image}, and {@code kubectl set env} for a version that fails. */
    void release(String version, String errorRate) {
        for (int attempt = 1; ; attempt++) {
            try {
                tryRelease(version, errorRate);
                return;
            } catch (KubernetesClientException e) {
                // The controller may be scaling it.
                if (e.getCode() != 409 || attempt == MOST_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void tryRelease(String version, String errorRate) {
        client.apps().deployments().inNamespace(NAMESPACE).withName(TARGET).edit(deployment -> {
            var container =
                    deployment.getSpec().getTemplate().getSpec().getContainers().getFirst();
            container.setImage("stefanprodan/podinfo:" + version);
            container.getEnv().removeIf(env -> env.getName().equals("FAULT_ERROR_RATE"));
            if (!errorRate.isEmpty()) {
                container
                        .getEnv()
                        .add(new EnvVarBuilder()
                                .withName("FAULT_ERROR_RATE")
                                .withValue(errorRate)
                                .build());
            }
            return deployment;
        });
    }

    /** The version that the primary was given. */
    String primary() {
        String image = client.apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName(TARGET + "-primary")
                .require()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
        return image.substring(image.lastIndexOf(':') + 1);
    }

    private void awaitReady(String deployment) {
        try {
            client.apps()
                    .deployments()
                    .inNamespace(NAMESPACE)
                    .withName(deployment)
                    .waitUntilCondition(Stage::isReady, PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (KubernetesClientTimeoutException e) {
            throw new UserError(
                    "Deployment " + deployment + " was not ready within " + PATIENCE.toSeconds()
                            + " s (see: kubectl -n " + NAMESPACE + " describe pods)",
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

    private void apply(String manifests) {
        List<HasMetadata> objects = client.load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
                .items();
        objects.forEach(this::apply);
    }

    private void apply(HasMetadata object) {
        client.resource(object).fieldManager(MANAGER).forceConflicts().serverSideApply();
    }

    private static String sample(String name) {
        return Samples.manifests(name).orElseThrow(() -> new IllegalStateException("there is no sample " + name));
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
