package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Knative Service that is released. Its revisions are the versions: the newest is tried out, the primary's is the one that an annotation
 * names, and {@code spec.traffic} deals the requests. Nothing is copied, and Knative scales what nobody calls.
 */
public final class KnativeService {
    /** As {@code spec.provider} of a Canary. */
    public static final String PROVIDER = "knative";

    public static final String GROUP = "serving.knative.dev";
    public static final String VERSION = "v1";
    public static final String API_VERSION = GROUP + "/" + VERSION;

    /** It is what deals the requests, too. */
    public static final WeightedRoute.Kind KIND = new WeightedRoute.Kind(GROUP, VERSION, "Service", "services");

    /** Names the revision that is the primary's. Flagger's, so that either controller can go on. */
    public static final String PRIMARY = "flagger.app/primary-revision";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String LATEST = "latestRevision";
    private static final String REVISION = "revisionName";
    private static final String PERCENT = "percent";
    private static final int ALL = 100;

    private final GenericKubernetesResource object;
    private final JsonNode content;

    /** @param object as the API server has it */
    public KnativeService(GenericKubernetesResource object) {
        this.object = object;
        this.content = JSON.valueToTree(object.getAdditionalProperties());
    }

    public GenericKubernetesResource object() {
        return object;
    }

    /** The revision of what its author wrote last; empty until Knative has made one. */
    public Optional<String> newest() {
        return CanaryReader.text(at("/status/latestCreatedRevisionName"));
    }

    /** The revision that is the primary's; empty if nothing says so. */
    public Optional<String> primary() {
        return Optional.ofNullable(object.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(PRIMARY))
                .filter(name -> !name.isEmpty());
    }

    /** The revision that has its requests by its name, whatever the newest is: the primary's, where no annotation says so any more. */
    public Optional<String> pinned() {
        return traffic()
                .map(entry -> entry.path(REVISION).asText(""))
                .filter(name -> !name.isEmpty())
                .findFirst();
    }

    /** What its containers run. */
    public List<String> images() {
        return at("/spec/template/spec/containers")
                .valueStream()
                .map(container -> container.path("image").asText())
                .toList();
    }

    /** How many percent of the requests the newest revision gets, also where somebody else has dealt them. */
    public int canaryShare() {
        return traffic().findAny().isEmpty()
                ? ALL
                : traffic()
                        .filter(this::isCanary)
                        .mapToInt(KnativeService::percent)
                        .sum();
    }

    /** One of no name is the newest. By its name it counts only while it is not the primary's, too. */
    private boolean isCanary(JsonNode entry) {
        String name = entry.path(REVISION).asText("");
        return name.isEmpty()
                || (newest().filter(name::equals).isPresent()
                        && primary().filter(name::equals).isEmpty());
    }

    private static int percent(JsonNode entry) {
        return entry.path(PERCENT).asInt();
    }

    /** Why Knative does not obey its traffic yet; empty if it does. */
    public Optional<String> lag() {
        long wanted = Objects.requireNonNullElse(object.getMetadata().getGeneration(), 0L);
        if (at("/status/observedGeneration").asLong() < wanted) {
            return Optional.of("Knative has not seen its last change");
        }
        JsonNode routes = condition(content.path("status"), "RoutesReady");
        if (routes.path("status").asText().equals("True")) {
            return Optional.empty();
        }
        String message = routes.path("message").asText("");
        return Optional.of("its condition RoutesReady is "
                + routes.path("status").asText("missing") + (message.isEmpty() ? "" : ": " + message));
    }

    static JsonNode condition(JsonNode status, String type) {
        return status.path("conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst()
                .orElse(JSON.missingNode());
    }

    /** A merge patch after which this revision is the primary's. */
    public static ObjectNode withPrimary(String revision) {
        ObjectNode patch = JSON.createObjectNode();
        patch.withObject("/metadata/annotations").put(PRIMARY, revision);
        return patch;
    }

    /**
     * A merge patch after which the newest revision gets so many percent of the requests, and the primary's all others; empty if they are
     * dealt so already. Entries stand in Flagger's order.
     */
    public ObjectNode withTraffic(String primary, int canary) {
        ArrayNode wanted = JSON.createArrayNode();
        wanted.addObject().put(LATEST, true).put(PERCENT, canary);
        wanted.addObject().put(REVISION, primary).put(PERCENT, ALL - canary);
        return withTraffic(wanted);
    }

    private ObjectNode withTraffic(ArrayNode wanted) {
        ObjectNode patch = JSON.createObjectNode();
        boolean isThere = traffic()
                .map(KnativeService::plain)
                .toList()
                .equals(wanted.valueStream().map(KnativeService::plain).toList());
        if (!isThere) {
            patch.withObject("/spec").set("traffic", wanted);
        }
        return patch;
    }

    /** An entry without what Knative writes into it by itself. */
    private static JsonNode plain(JsonNode entry) {
        ObjectNode plain = entry.deepCopy();
        plain.put(PERCENT, percent(entry));
        plain.put(LATEST, entry.path(REVISION).asText("").isEmpty());
        return plain;
    }

    /**
     * A merge patch after which no Canary is about it; empty if none is. If the newest revision is the primary's, it is led to by what
     * comes next, as Knative does where nobody says anything else; one that was not promoted is never given requests because of that.
     */
    public ObjectNode released() {
        if (primary().isEmpty()) {
            return JSON.createObjectNode();
        }
        String primary = primary().get();
        ObjectNode patch;
        if (newest().filter(primary::equals).isPresent()) {
            ArrayNode newest = JSON.createArrayNode();
            newest.addObject().put(LATEST, true).put(PERCENT, ALL);
            patch = withTraffic(newest);
        } else {
            patch = withTraffic(primary, 0);
        }
        patch.withObject("/metadata/annotations").putNull(PRIMARY);
        return patch;
    }

    private Stream<JsonNode> traffic() {
        return at("/spec/traffic").valueStream();
    }

    private JsonNode at(String pointer) {
        return content.at(pointer);
    }
}
