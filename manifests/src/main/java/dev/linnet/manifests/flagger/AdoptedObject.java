package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A route or Service that was there before its Canary: what it said stands in an annotation, so that it can say that again. One that Flagger
 * has adopted has Flagger's annotation, or what was last applied to it (spec of Flagger, §4.3).
 */
public final class AdoptedObject {
    private static final String ADOPTED = "linnet.dev/adopted";
    private static final String FLAGGERS = "flagger.kubernetes.io/original-configuration";
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    private static final JsonMapper JSON = new JsonMapper();

    /** Beside what it said: the words to tools that were its author's own. No spec has such a field. */
    private static final String WORDS = "annotations";

    private AdoptedObject() {}

    /**
     * Its annotations once it is adopted.
     *
     * @param spec  what its Canary changes of it, as it is now
     * @param extra that its Canary wants it to have
     */
    public static Map<String, String> marks(ObjectMeta live, JsonNode spec, Map<String, String> extra) {
        Map<String, String> annotations = annotations(live);
        // Flagger marks what it has changed, and so do we: only one without the mark is as it was.
        if (!Ownership.isLeftAlone(annotations)) {
            annotations.put(
                    ADOPTED, with(Ownership.wordsToTools(annotations), spec).toString());
        }
        annotations.putAll(Ownership.leftAlone(extra));
        return annotations;
    }

    private static JsonNode with(Map<String, String> words, JsonNode spec) {
        return words.isEmpty() ? spec : ((ObjectNode) spec.deepCopy()).set(WORDS, JSON.valueToTree(words));
    }

    /** What it said before, as whoever adopted it has kept it; empty if nobody knows. */
    public static Optional<JsonNode> original(ObjectMeta live) {
        Map<String, String> annotations = annotations(live);
        return kept(live)
                .or(() -> parsed(annotations.get(LAST_APPLIED))
                        .map(whole -> whole.path("spec"))
                        .filter(JsonNode::isObject))
                .or(() -> parsed(annotations.get(FLAGGERS)));
    }

    /** The same, only if we have kept it: then it is all that we have changed. */
    static Optional<JsonNode> kept(ObjectMeta live) {
        return parsed(annotations(live).get(ADOPTED)).map(kept -> kept.without(WORDS));
    }

    /** Its annotations once it has been given back. */
    public static Map<String, String> unmarked(ObjectMeta live) {
        Map<String, String> annotations = annotations(live);
        Optional<ObjectNode> kept = parsed(annotations.remove(ADOPTED));
        annotations.remove(FLAGGERS);
        annotations.keySet().removeAll(Ownership.leftAlone(Map.of()).keySet());
        kept.ifPresent(was -> annotations.putAll(ServiceReader.map(was.path(WORDS))));
        return annotations;
    }

    private static Optional<ObjectNode> parsed(@Nullable String text) {
        try {
            return text == null
                    ? Optional.empty()
                    : Optional.of(JSON.readTree(text))
                            .filter(JsonNode::isObject)
                            .map(ObjectNode.class::cast);
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    private static Map<String, String> annotations(ObjectMeta live) {
        return new TreeMap<>(Objects.requireNonNullElse(live.getAnnotations(), Map.<String, String>of()));
    }
}
