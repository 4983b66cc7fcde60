package dev.linnet.manifests.istio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Hears of what is wrong with one object while it is read. */
final class Author {
    private final ObjectRef object;
    private final List<Problem> problems = new ArrayList<>();

    Author(ObjectRef object) {
        this.object = object;
    }

    /** @param message {@code is 99 (expected: 300 to 399)} */
    void mistake(String path, String message) {
        problems.add(new Problem(object, Reason.BAD_SPEC, path, message));
    }

    /** Istio knows it, we do not do it. */
    void notObeyed(String path, String message) {
        problems.add(new Problem(object, Reason.NOT_OBEYED, path, message));
    }

    /** Says of each of these fields that is there that it is not obeyed. */
    void notObeyed(JsonNode in, String path, String... fields) {
        for (String field : fields) {
            if (isSaid(in.path(field))) {
                notObeyed(path + "." + field, "is not obeyed yet");
            }
        }
    }

    private static boolean isSaid(JsonNode field) {
        return !field.isMissingNode() && !field.isNull() && !(field.isContainerNode() && field.isEmpty());
    }

    /** What somebody else has found. */
    void problem(Problem found) {
        problems.add(found);
    }

    ObjectRef object() {
        return object;
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    static Optional<String> text(JsonNode node) {
        return node.isTextual() && !node.asText().isEmpty() ? Optional.of(node.asText()) : Optional.empty();
    }

    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
