package dev.linnet.controller.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.Unusable;
import dev.linnet.controller.workload.Writes;
import dev.linnet.manifests.flagger.CanaryVirtualService;
import dev.linnet.rollout.evidence.Answer;
import dev.linnet.rollout.plan.Match;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.plan.Strategy;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.step.Traffic;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Provider {@code istio}: a VirtualService with a weight for each version, for Istio and for our gateways alike. */
public final class IstioRoutes implements Routes {
    private static final String API_VERSION = "networking.istio.io/v1beta1";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ResourceDefinitionContext KIND = new ResourceDefinitionContext.Builder()
            .withGroup("networking.istio.io")
            .withVersion("v1beta1")
            .withKind("VirtualService")
            .withPlural("virtualservices")
            .withNamespaced(true)
            .build();

    private final KubernetesClient client;
    private final Release release;
    private final CanaryVirtualService wanted;
    private final OwnerReference owner;

    /** @param service {@code spec.service} of the Canary */
    public IstioRoutes(KubernetesClient client, Release release, JsonNode service, OwnerReference owner) {
        this.client = client;
        this.release = release;
        this.wanted = new CanaryVirtualService(release.names(), service);
        this.owner = owner;
    }

    @Override
    public void ensure() throws Unusable, Changed {
        Optional<GenericKubernetesResource> live = live();
        if (live.isEmpty()) {
            GenericKubernetesResource made = new GenericKubernetesResource();
            made.setApiVersion(API_VERSION);
            made.setKind("VirtualService");
            made.setMetadata(new ObjectMetaBuilder()
                    .withNamespace(namespace())
                    .withName(name())
                    .withOwnerReferences(owner)
                    .build());
            Writes.create(client, with(made, wanted.spec(Traffic.ALL_PRIMARY, List.of())));
            return;
        }
        JsonNode now = spec(live.get());
        int share = wanted.share(now).orElse(0);
        write(live.get(), wanted.spec(kept(now, share), audience()));
    }

    private Traffic kept(JsonNode now, int share) {
        if (wanted.isMirrored(now)) {
            return new Traffic.Mirrored(now.path("http")
                    .path(0)
                    .path("mirrorPercentage")
                    .path("value")
                    .asInt(0));
        }
        return share == 100 && !audience().isEmpty() ? new Traffic.Audience() : new Traffic.Split(share);
    }

    @Override
    public void route(Traffic traffic) throws Unusable, Changed {
        write(live().orElseThrow(this::missing), wanted.spec(traffic, audience()));
    }

    private void write(GenericKubernetesResource live, ObjectNode spec) throws Changed {
        if (!spec.equals(spec(live))) {
            Writes.replace(client, with(live, spec));
        }
    }

    private static GenericKubernetesResource with(GenericKubernetesResource object, ObjectNode spec) {
        object.setAdditionalProperty("spec", JSON.convertValue(spec, Map.class));
        return object;
    }

    private static JsonNode spec(GenericKubernetesResource object) {
        return JSON.valueToTree(object.getAdditionalProperties().get("spec"));
    }

    @Override
    public Answer.Routes read(Progress progress) {
        Optional<GenericKubernetesResource> live = live();
        if (live.isEmpty()) {
            return new Answer.Routes.Unusable(missing().text());
        }
        JsonNode now = spec(live.get());
        return wanted.share(now)
                .<Answer.Routes>map(share -> new Answer.Routes.Shares(share, wanted.isMirrored(now)))
                .orElseGet(() -> new Answer.Routes.Unusable("virtualservice " + name() + "." + namespace()
                        + " does not route to " + release.names().service() + "-canary"));
    }

    @Override
    public void revert() {
        // It goes with its owner.
    }

    @Override
    public Map<String, String> versions() {
        return live().map(found -> Map.of(
                        "VirtualService/" + namespace() + "/" + name(),
                        found.getMetadata().getResourceVersion()))
                .orElse(Map.of());
    }

    private Unusable missing() {
        return new Unusable("virtualservice " + name() + "." + namespace() + " is missing");
    }

    private List<Match> audience() {
        return release.analysis().strategy() instanceof Strategy.AbTest
                ? release.analysis().audience()
                : List.of();
    }

    private String namespace() {
        return release.names().namespace();
    }

    private String name() {
        return release.names().service();
    }

    /** A cluster without Istio's kinds has none of them. */
    private Optional<GenericKubernetesResource> live() {
        try {
            return Optional.ofNullable(client.genericKubernetesResources(KIND)
                    .inNamespace(namespace())
                    .withName(name())
                    .get());
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
