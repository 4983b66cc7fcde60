package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import java.util.ArrayList;
import java.util.List;

/** RFC 6902 on a copy of one object. One instance per patch. */
final class JsonPatch {
    /** The limits of a real API server; without the second, a few copies of copies would fill the heap. */
    private static final int MAX_OPERATIONS = 10_000;

    private static final long MAX_COPIED_CHARACTERS = 3 << 20;

    private JsonNode root;
    private long copied;

    JsonPatch(ObjectNode live) {
        this.root = live.deepCopy();
    }

    ObjectNode apply(ArrayNode operations) {
        if (operations.size() > MAX_OPERATIONS) {
            throw ApiFailure.of(
                    413,
                    "RequestEntityTooLarge",
                    "The allowed maximum operations in a JSON patch is " + MAX_OPERATIONS + ", got "
                            + operations.size());
        }
        for (JsonNode operation : operations) {
            if (!operation.isObject()) {
                throw ApiFailure.badRequest(
                        "json patch operation is " + operation
                                + " (expected: an object with op and path, such as {\"op\": \"remove\", \"path\": \"/spec/x\"})");
            }
            apply(operation);
        }
        if (root instanceof ObjectNode object) {
            return object;
        }
        throw rejected();
    }

    private void apply(JsonNode operation) {
        List<String> path = pointer(operation.path("path"));
        switch (operation.path("op").asText()) {
            case "add" -> add(path, value(operation));
            case "remove" -> remove(path);
            case "replace" -> replace(path, value(operation));
            case "move" -> move(pointer(operation.path("from")), path);
            case "copy" -> add(path, counted(existing(pointer(operation.path("from")))));
            case "test" -> test(path, operation.path("value"));
            default -> throw rejected();
        }
    }

    private void add(List<String> path, JsonNode value) {
        if (path.isEmpty()) {
            root = value;
            return;
        }
        String last = path.getLast();
        switch (existing(parent(path))) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array -> array.insert(last.equals("-") ? array.size() : index(last, array.size()), value);
            default -> throw rejected();
        }
    }

    private void remove(List<String> path) {
        existing(path);
        if (path.isEmpty()) {
            throw rejected();
        }
        switch (existing(parent(path))) {
            case ObjectNode object -> object.remove(path.getLast());
            case ArrayNode array -> array.remove(index(path.getLast(), array.size() - 1));
            default -> throw rejected();
        }
    }

    private void replace(List<String> path, JsonNode value) {
        existing(path);
        if (path.isEmpty()) {
            root = value;
            return;
        }
        switch (existing(parent(path))) {
            case ObjectNode object -> object.set(path.getLast(), value);
            case ArrayNode array -> array.set(index(path.getLast(), array.size() - 1), value);
            default -> throw rejected();
        }
    }

    private void move(List<String> from, List<String> to) {
        JsonNode value = existing(from);
        boolean intoItself =
                to.size() > from.size() && to.subList(0, from.size()).equals(from);
        if (intoItself) {
            throw rejected();
        }
        if (!from.equals(to)) {
            remove(from);
            add(to, value);
        }
    }

    /** As on a real server, testing for null also passes where nothing is. */
    private void test(List<String> path, JsonNode expected) {
        JsonNode actual = find(path);
        boolean passes = actual.isMissingNode()
                ? expected.isNull() || expected.isMissingNode()
                : JsonValues.same(actual, expected);
        if (!passes) {
            throw rejected();
        }
    }

    private JsonNode counted(JsonNode value) {
        copied += value.toString().length();
        if (copied > MAX_COPIED_CHARACTERS) {
            throw rejected();
        }
        return value.deepCopy();
    }

    private JsonNode existing(List<String> path) {
        JsonNode found = find(path);
        if (found.isMissingNode()) {
            throw rejected();
        }
        return found;
    }

    private JsonNode find(List<String> path) {
        JsonNode here = root;
        for (String step : path) {
            here = here instanceof ArrayNode array
                    ? isIndex(step) ? array.path(Integer.parseInt(step)) : MissingNode.getInstance()
                    : here.path(step);
        }
        return here;
    }

    private static JsonNode value(JsonNode operation) {
        JsonNode value = operation.path("value");
        if (value.isMissingNode()) {
            throw rejected();
        }
        return value.deepCopy();
    }

    private static List<String> parent(List<String> path) {
        return path.subList(0, path.size() - 1);
    }

    private static int index(String step, int max) {
        if (!isIndex(step) || Integer.parseInt(step) > max) {
            throw rejected();
        }
        return Integer.parseInt(step);
    }

    /** Digits without a leading zero (RFC 6901 §4), short enough for an int. */
    private static boolean isIndex(String step) {
        boolean digits = step.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits && !step.isEmpty() && step.length() < 10 && (step.length() == 1 || step.charAt(0) != '0');
    }

    private static List<String> pointer(JsonNode text) {
        String pointer = text.isTextual() ? text.textValue() : "?";
        if (pointer.isEmpty()) {
            return List.of();
        }
        if (pointer.charAt(0) != '/') {
            throw rejected();
        }
        List<String> steps = new ArrayList<>();
        for (String step : pointer.substring(1).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return steps;
    }

    /** A real server tells no more than this; kubectl prints it as {@code The request is invalid: …}. */
    private static ApiFailure rejected() {
        return ApiFailure.of(422, "Invalid", "the server rejected our request due to an error in our request");
    }
}
