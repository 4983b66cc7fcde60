package dev.linnet.controller.mesh;

import dev.linnet.manifests.istio.IstioObject;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows DestinationRules where there is such a kind, and as soon as there is. */
final class DestinationRules implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DestinationRules.class);

    /** All versions have one schema, and all installations this one. */
    private static final ResourceDefinitionContext KIND = new ResourceDefinitionContext.Builder()
            .withGroup(IstioObject.GROUP)
            .withVersion("v1beta1")
            .withKind("DestinationRule")
            .withPlural("destinationrules")
            .withNamespaced(true)
            .build();

    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final ResourceEventHandler<GenericKubernetesResource> listener;
    private final InstantSource clock;
    private Optional<SharedIndexInformer<GenericKubernetesResource>> informer = Optional.empty();
    private Instant triedAt = Instant.MIN;
    private boolean known;
    private boolean forbidden;

    DestinationRules(
            KubernetesClient client, ResourceEventHandler<GenericKubernetesResource> listener, InstantSource clock) {
        this.client = client;
        this.listener = listener;
        this.clock = clock;
    }

    /** All there are, by namespace; empty if nobody lets us know them. */
    Optional<Map<String, List<GenericKubernetesResource>>> byNamespace() {
        if (informer.isEmpty() && !clock.instant().isBefore(triedAt.plus(BETWEEN_TRIES))) {
            triedAt = clock.instant();
            follow();
        }
        return known ? Optional.of(grouped()) : Optional.empty();
    }

    private Map<String, List<GenericKubernetesResource>> grouped() {
        return informer.stream()
                .flatMap(following -> following.getStore().list().stream())
                .collect(Collectors.groupingBy(rule -> rule.getMetadata().getNamespace()));
    }

    /** Rights of ours that are from before this was done keep nothing else from being done. */
    private void follow() {
        try {
            informer = Optional.of(
                    client.genericKubernetesResources(KIND).inAnyNamespace().inform(listener));
            known = true;
        } catch (KubernetesClientException e) {
            known = e.getCode() == HttpURLConnection.HTTP_NOT_FOUND; // There is no such kind here, so none of it.
            boolean was = forbidden;
            forbidden = e.getCode() == HttpURLConnection.HTTP_FORBIDDEN;
            if (!known && !forbidden) {
                throw e;
            }
            if (forbidden && !was) {
                log.atWarn()
                        .addKeyValue("cause", e.getMessage())
                        .log(
                                "DestinationRules cannot be followed: gateways inside the cluster cannot be let read their Secrets");
            }
        }
    }

    @Override
    public void close() {
        informer.ifPresent(SharedIndexInformer::close);
    }
}
