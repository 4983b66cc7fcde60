package dev.linnet.controller.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.Unusable;
import dev.linnet.controller.workload.Writes;
import dev.linnet.manifests.flagger.WeightedRoute;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Providers {@code istio} and {@code gatewayapi:v1}: one object with a weight for each version, for our gateways and for those of others. */
public final class WeightedRoutes implements Routes {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final KubernetesClient client;
    private final Release release;
    private final WeightedRoute wanted;
    private final OwnerReference owner;
    private final ResourceDefinitionContext context;

    public WeightedRoutes(KubernetesClient client, Release release, WeightedRoute wanted, OwnerReference owner) {
        this.client = client;
        this.release = release;
        this.wanted = wanted;
        this.owner = owner;
        this.context = new ResourceDefinitionContext.Builder()
                .withGroup(wanted.kind().group())
                .withVersion(wanted.kind().version())
                .withKind(wanted.kind().name())
                .withPlural(wanted.kind().plural())
                .withNamespaced(true)
                .build();
    }

    @Override
    public void ensure() throws Unusable, Changed {
        Optional<String> objection = wanted.objection();
        if (objection.isPresent()) {
            throw new Unusable(objection.get());
        }
        Optional<GenericKubernetesResource> live = live();
        if (live.isEmpty()) {
            GenericKubernetesResource made = new GenericKubernetesResource();
            made.setApiVersion(wanted.kind().group() + "/" + wanted.kind().version());
            made.setKind(wanted.kind().name());
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
        Optional<Integer> mirrored = wanted.mirrored(now);
        if (mirrored.isPresent()) {
            return new Traffic.Mirrored(mirrored.get());
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
                .<Answer.Routes>map(share ->
                        new Answer.Routes.Shares(share, wanted.mirrored(now).isPresent()))
                .orElseGet(() -> new Answer.Routes.Unusable(word() + name() + "." + namespace() + " does not route to "
                        + release.names().service() + "-canary"));
    }

    @Override
    public void revert() {
        // It goes with its owner.
    }

    @Override
    public Map<String, String> versions() {
        return live().map(found -> Map.of(
                        wanted.kind().name() + "/" + namespace() + "/" + name(),
                        found.getMetadata().getResourceVersion()))
                .orElse(Map.of());
    }

    private String word() {
        return wanted.kind().name().toLowerCase(Locale.ROOT) + " ";
    }

    private Unusable missing() {
        return new Unusable(word() + name() + "." + namespace() + " is missing");
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

    /** A cluster without the kind has none of them. */
    private Optional<GenericKubernetesResource> live() {
        try {
            return Optional.ofNullable(client.genericKubernetesResources(context)
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
