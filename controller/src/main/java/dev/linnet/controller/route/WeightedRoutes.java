package dev.linnet.controller.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.OptionalKinds;
import dev.linnet.controller.workload.Unusable;
import dev.linnet.controller.workload.Writes;
import dev.linnet.manifests.flagger.AdoptedObject;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.CanaryService.Marks;
import dev.linnet.manifests.flagger.Ownership;
import dev.linnet.manifests.flagger.ReleaseMark;
import dev.linnet.manifests.flagger.WeightedRoute;
import dev.linnet.manifests.flagger.WeightedRoute.Beside;
import dev.linnet.manifests.flagger.WeightedRoute.Kind;
import dev.linnet.rollout.evidence.Answer;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.step.Traffic;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Providers {@code istio} and {@code gatewayapi:v1}: one object with a weight for each version, for our gateways and for those of others. */
public final class WeightedRoutes implements Routes {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final KubernetesClient client;
    private final Release release;
    private final Marks marks;
    private final WeightedRoute wanted;
    private final OwnerReference owner;
    private final ReleaseMark mark;

    /**
     * Routes of one release.
     *
     * @param mark what the object says of what is released together with it
     */
    public WeightedRoutes(
            KubernetesClient client, CanaryPlan plan, WeightedRoute wanted, OwnerReference owner, ReleaseMark mark) {
        this.client = client;
        this.mark = mark;
        this.release = plan.release();
        this.marks = plan.service().apex();
        this.wanted = wanted;
        this.owner = owner;
    }

    @Override
    public void ensure(Cookies cookies) throws Unusable, Changed {
        Optional<String> objection = wanted.objection();
        if (objection.isPresent()) {
            throw new Unusable(objection.get());
        }
        for (Beside beside : wanted.beside()) {
            ensure(beside);
        }
        Optional<GenericKubernetesResource> live = live();
        if (live.isPresent()) {
            mend(live.get(), cookies);
            return;
        }
        ObjectMeta metadata = new ObjectMetaBuilder()
                .withNamespace(namespace())
                .withName(name())
                .withLabels(marks.labels())
                .withAnnotations(mark.in(Ownership.leftAlone(marks.annotations())))
                .withOwnerReferences(owner)
                .build();
        Writes.create(client, made(wanted.kind(), metadata, wanted.spec(Traffic.ALL_PRIMARY, cookies)));
    }

    /** One that somebody else has made is left as it is. */
    private void ensure(Beside beside) throws Changed {
        Optional<GenericKubernetesResource> live = live(beside.kind(), beside.name());
        if (live.isEmpty()) {
            ObjectMeta metadata = new ObjectMetaBuilder()
                    .withNamespace(namespace())
                    .withName(beside.name())
                    .withOwnerReferences(owner)
                    .build();
            Writes.create(client, made(beside.kind(), metadata, beside.spec()));
        } else if (Ownership.controls(owner, live.get())) {
            write(live.get(), live.get().getMetadata(), beside.spec());
        }
    }

    private static GenericKubernetesResource made(Kind kind, ObjectMeta metadata, ObjectNode spec) {
        GenericKubernetesResource made = new GenericKubernetesResource();
        made.setApiVersion(kind.group() + "/" + kind.version());
        made.setKind(kind.name());
        made.setMetadata(metadata);
        return with(made, spec);
    }

    private void mend(GenericKubernetesResource live, Cookies cookies) throws Changed {
        JsonNode now = spec(live);
        ObjectMeta metadata = live.getMetadata();
        Marks found = marks(metadata);
        Map<String, String> labels = new HashMap<>(found.labels());
        labels.putAll(marks.labels());
        Map<String, String> annotations = new HashMap<>(found.annotations());
        if (Ownership.controls(owner, live)) {
            mark.replaceIn(annotations);
            annotations.putAll(Ownership.leftAlone(marks.annotations()));
        } else {
            annotations.putAll(AdoptedObject.marks(metadata, now, mark.in(marks.annotations())));
        }
        ObjectMeta mended = new ObjectMetaBuilder(metadata)
                .withLabels(labels)
                .withAnnotations(annotations)
                .build();
        write(live, mended, spec(now, wanted.traffic(now).orElse(Traffic.ALL_PRIMARY), cookies));
    }

    @Override
    public void route(Traffic traffic, Cookies cookies) throws Unusable, Changed {
        GenericKubernetesResource live = live().orElseThrow(this::missing);
        write(live, live.getMetadata(), spec(spec(live), traffic, cookies));
    }

    private ObjectNode spec(JsonNode now, Traffic traffic, Cookies cookies) {
        ObjectNode then = wanted.spec(traffic, cookies);
        wanted.leftAlone().stream().filter(now::has).forEach(field -> then.set(field, now.path(field)));
        return then;
    }

    private void write(GenericKubernetesResource live, ObjectMeta metadata, JsonNode spec) throws Changed {
        if (!spec.equals(spec(live)) || !marks(live.getMetadata()).equals(marks(metadata))) {
            live.setMetadata(metadata);
            Writes.replace(client, with(live, spec));
        }
    }

    private static Marks marks(ObjectMeta metadata) {
        return new Marks(
                Objects.requireNonNullElse(metadata.getLabels(), Map.of()),
                Objects.requireNonNullElse(metadata.getAnnotations(), Map.of()));
    }

    private static GenericKubernetesResource with(GenericKubernetesResource object, JsonNode spec) {
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
        Optional<String> lag = wanted.lag(JSON.valueToTree(live.get()));
        if (lag.isPresent()) {
            return new Answer.Routes.Unusable(lag.get());
        }
        return wanted.traffic(spec(live.get()))
                .<Answer.Routes>map(
                        traffic -> new Answer.Routes.Shares(traffic.canary(), traffic instanceof Traffic.Mirrored))
                .orElseGet(() -> new Answer.Routes.Unusable(word() + name() + "." + namespace() + " does not route to "
                        + release.names().service() + "-canary"));
    }

    /** What we have made goes with its owner, like the versions that it leads to; what was there before says again what it said. */
    @Override
    public void revert() throws Changed {
        Optional<GenericKubernetesResource> live = live();
        if (live.isEmpty()) {
            return;
        }
        ObjectMeta metadata = live.get().getMetadata();
        if (Ownership.controls(owner, live.get())) {
            write(live.get(), metadata, wanted.withoutVersions());
            return;
        }
        Optional<JsonNode> original = AdoptedObject.original(metadata);
        if (original.isPresent()) {
            ObjectMeta unmarked = new ObjectMetaBuilder(metadata)
                    .withAnnotations(AdoptedObject.unmarked(metadata))
                    .build();
            write(live.get(), unmarked, original.get());
        }
    }

    @Override
    public Map<String, String> versions() {
        return live().map(found -> Map.of(
                        wanted.kind().name() + "/" + namespace() + "/" + name(),
                        found.getMetadata().getResourceVersion()))
                .orElse(Map.of());
    }

    @Override
    public List<Followed> followed() {
        List<Followed> followed = new ArrayList<>(List.of(new Followed(wanted.kind(), name())));
        wanted.beside().forEach(beside -> followed.add(new Followed(beside.kind(), beside.name())));
        return followed;
    }

    @Override
    public List<HasMetadata> objects() {
        List<HasMetadata> objects = new ArrayList<>();
        live().ifPresent(objects::add);
        wanted.beside().forEach(beside -> live(beside.kind(), beside.name()).ifPresent(objects::add));
        return objects;
    }

    private String word() {
        return wanted.kind().name().toLowerCase(Locale.ROOT) + " ";
    }

    private Unusable missing() {
        return new Unusable(word() + name() + "." + namespace() + " is missing");
    }

    private String namespace() {
        return release.names().namespace();
    }

    private String name() {
        return release.names().service();
    }

    private Optional<GenericKubernetesResource> live() {
        return live(wanted.kind(), name());
    }

    private Optional<GenericKubernetesResource> live(Kind kind, String name) {
        return OptionalKinds.find(client, kind, namespace(), name);
    }
}
