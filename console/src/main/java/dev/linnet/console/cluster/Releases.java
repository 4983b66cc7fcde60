package dev.linnet.console.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.linnet.console.release.CanaryObject;
import dev.linnet.console.release.Release;
import dev.linnet.console.release.RunObject;
import dev.linnet.console.release.Told;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Canaries, Runs and what is said about them, followed by watches. Everybody's: who may see which is asked elsewhere. */
public final class Releases implements AutoCloseable {
    /** Flagger's Canary. */
    public static final ResourceDefinitionContext CANARIES = kind("flagger.app", "v1beta1", "Canary", "canaries");

    private static final ResourceDefinitionContext RUNS = kind("linnet.dev", "v1alpha1", "Run", "runs");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Signal changed = new Signal();
    private final String usualProvider;
    private final SharedIndexInformer<GenericKubernetesResource> canaries;
    private final SharedIndexInformer<GenericKubernetesResource> runs;
    private final SharedIndexInformer<Event> events;
    private volatile String failure = "";
    private volatile Known known = new Known(-1, List.of());

    /** All releases, as they were after so many changes. */
    private record Known(long changes, List<Release> releases) {}

    private static ResourceDefinitionContext kind(String group, String version, String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    /**
     * Begins to follow. What the API refuses for the moment is tried again.
     *
     * @param usualProvider routes where a Canary names no provider
     */
    public Releases(KubernetesClient client, String usualProvider) {
        this.usualProvider = usualProvider;
        this.canaries = follow(
                client.genericKubernetesResources(CANARIES).inAnyNamespace().runnableInformer(0));
        this.runs =
                follow(client.genericKubernetesResources(RUNS).inAnyNamespace().runnableInformer(0));
        this.events = follow(client.v1()
                .events()
                .inAnyNamespace()
                .withField("involvedObject.kind", "Canary")
                .runnableInformer(0));
    }

    private <T extends HasMetadata> SharedIndexInformer<T> follow(SharedIndexInformer<T> informer) {
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(T object) {
                changed.change();
            }

            @Override
            public void onUpdate(T before, T object) {
                changed.change();
            }

            @Override
            public void onDelete(T object, boolean finalStateUnknown) {
                changed.change();
            }
        });
        informer.exceptionHandler((_, problem) -> {
            failure = String.valueOf(problem.getMessage());
            changed.change();
            return true;
        });
        informer.start();
        return informer;
    }

    /** Something of it is different now. */
    public Signal changed() {
        return changed;
    }

    /** Whether all that there is has been read. */
    public boolean isComplete() {
        return canaries.hasSynced() && runs.hasSynced();
    }

    /** Why it is not complete; empty if nothing is known to be wrong. */
    public String failure() {
        return isComplete() ? "" : failure;
    }

    /** All of them; read anew only once something is different, as each second and each reader asks for them. */
    public List<Release> all() {
        long changes = changed.count(); // before the stores, which are filled before a change is told
        Known last = known;
        if (last.changes == changes) {
            return last.releases;
        }
        List<Release> releases = read();
        known = new Known(changes, releases);
        return releases;
    }

    private List<Release> read() {
        Map<String, GenericKubernetesResource> latest = new HashMap<>();
        runs.getStore().list().forEach(object -> latest.merge(canaryOf(object), object, Releases::later));
        return canaries.getStore().list().stream()
                .map(object -> release(object, Optional.ofNullable(latest.get(key(object)))))
                .toList();
    }

    public Optional<Release> find(String namespace, String name) {
        String key = namespace + "/" + name;
        return Optional.ofNullable(canaries.getStore().getByKey(key))
                .map(object -> release(
                        object,
                        runs.getStore().list().stream()
                                .filter(run -> canaryOf(run).equals(key))
                                .reduce(Releases::later)));
    }

    private static String key(GenericKubernetesResource object) {
        return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }

    private static String canaryOf(GenericKubernetesResource run) {
        return run.getMetadata().getNamespace() + "/"
                + Objects.requireNonNullElse(run.getMetadata().getLabels(), Map.<String, String>of())
                        .getOrDefault("linnet.dev/canary", "");
    }

    /** Of two runs of a Canary, whose names end with their numbers. */
    private static GenericKubernetesResource later(GenericKubernetesResource one, GenericKubernetesResource other) {
        String a = one.getMetadata().getName();
        String b = other.getMetadata().getName();
        boolean oneIsLater = a.length() == b.length() ? a.compareTo(b) > 0 : a.length() > b.length();
        return oneIsLater ? one : other;
    }

    private Release release(GenericKubernetesResource object, Optional<GenericKubernetesResource> run) {
        CanaryObject canary = new CanaryObject(object.getMetadata(), part(object, "spec"), part(object, "status"));
        return Release.of(canary, run.map(Releases::run), usualProvider);
    }

    private static JsonNode part(GenericKubernetesResource object, String name) {
        Object part = object.getAdditionalProperties().get(name);
        return part == null ? MissingNode.getInstance() : JSON.valueToTree(part);
    }

    /** All runs that are remembered, the latest first. */
    public List<RunObject> runs() {
        return read(runs.getStore().list().stream());
    }

    /** Those of one Canary, the latest first. */
    public List<RunObject> runs(String namespace, String canary) {
        return read(runs.getStore().list().stream()
                .filter(object -> object.getMetadata().getNamespace().equals(namespace)
                        && canary.equals(object.get("spec", "canary"))));
    }

    private static List<RunObject> read(Stream<GenericKubernetesResource> objects) {
        return objects.map(Releases::run)
                .sorted(Comparator.comparing(RunObject::began)
                        .thenComparingInt(RunObject::number)
                        .reversed())
                .toList();
    }

    /** The one of this name. */
    public Optional<RunObject> run(String namespace, String name) {
        return Optional.ofNullable(runs.getStore().getByKey(namespace + "/" + name))
                .map(Releases::run);
    }

    private static RunObject run(GenericKubernetesResource object) {
        JsonNode spec = part(object, "spec");
        JsonNode status = part(object, "status");
        return new RunObject(
                object.getMetadata().getNamespace(),
                object.getMetadata().getName(),
                spec.path("canary").asText(""),
                spec.path("number").asInt(),
                instant(object.getMetadata().getCreationTimestamp()),
                lastWrite(object),
                status,
                record(status.path("record").asText("")));
    }

    /** The latest time that the API has noted for any manager of its fields. */
    private static Instant lastWrite(GenericKubernetesResource object) {
        return Objects.requireNonNullElse(
                        object.getMetadata().getManagedFields(),
                        List.<io.fabric8.kubernetes.api.model.ManagedFieldsEntry>of())
                .stream()
                .map(entry -> instant(entry.getTime()))
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    private static Instant instant(@org.jspecify.annotations.Nullable String text) {
        return text == null ? Instant.EPOCH : Instant.parse(text);
    }

    private static JsonNode record(String text) {
        try {
            return text.isEmpty() ? MissingNode.getInstance() : JSON.readTree(text);
        } catch (IOException _) {
            return MissingNode.getInstance(); // written by another version: the rest of the status serves
        }
    }

    /** What was said about a Canary, the latest first. */
    public List<Told> told(String namespace, String canary) {
        return events.getStore().list().stream()
                .filter(event -> event.getInvolvedObject().getName().equals(canary)
                        && event.getMetadata().getNamespace().equals(namespace))
                .map(Releases::told)
                .sorted(Comparator.comparing(Told::at)
                        .thenComparingInt(Releases::number)
                        .reversed())
                .toList();
    }

    private static Told told(Event event) {
        String name = event.getMetadata().getName();
        String at = Objects.requireNonNullElse(
                event.getLastTimestamp(), event.getMetadata().getCreationTimestamp());
        return new Told(
                name.substring(name.lastIndexOf('.') + 1),
                instant(at),
                "Warning".equals(event.getType()),
                Objects.requireNonNullElse(event.getMessage(), ""));
    }

    /** Times have whole seconds; messages of a run have numbers. */
    private static int number(Told told) {
        String digits = told.id().substring(told.id().lastIndexOf('-') + 1);
        return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
    }

    /** All namespaces with a Canary. */
    public List<String> namespaces() {
        return canaries.getStore().list().stream()
                .map(object -> object.getMetadata().getNamespace())
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        canaries.close();
        runs.close();
        events.close();
    }
}
