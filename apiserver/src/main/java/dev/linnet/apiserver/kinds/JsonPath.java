package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of Kubernetes' JSONPath that CRDs use: {@code .spec.x}, {@code ['a.b']}, {@code [0]}, {@code [-1]}, {@code [*]} and
 * {@code [?(@.type=="Ready")]}; a backslash takes the meaning from a dot. Immutable.
 */
final class JsonPath {
    private static final Pattern STEP = Pattern.compile("\\.?\\[\\?\\(\\s*@(?<filter>[^=!]*?)\\s*(?<operator>==|!=)\\s*"
            + "(?<wanted>\"[^\"]*\"|'[^']*'|[^)\\s]+)\\s*\\)]"
            + "|\\.?\\[(?<quoted>'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\")]"
            + "|\\.?\\[(?<index>-?\\d+)]"
            + "|\\.?\\[\\*]|\\.\\*(?<all>)"
            + "|\\.(?<name>(?:[^.\\[\\]\\\\]|\\\\.)+)");

    private final List<Step> steps;

    private JsonPath(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /** What one part of a path leads to; nothing where it leads nowhere. */
    private interface Step {
        List<JsonNode> from(JsonNode node);
    }

    /** Empty where the text is no path that is understood here. */
    static Optional<JsonPath> parse(String text) {
        String path = text.strip();
        if (path.startsWith("{") && path.endsWith("}")) {
            path = path.substring(1, path.length() - 1);
        }
        if (path.startsWith("$")) {
            path = path.substring(1);
        }
        if (!path.isEmpty() && path.charAt(0) != '.' && path.charAt(0) != '[') {
            path = "." + path;
        }
        List<Step> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(path);
        int position = 0;
        while (position < path.length()) {
            if (!matcher.find(position) || matcher.start() != position) {
                return Optional.empty();
            }
            steps.add(step(matcher));
            position = matcher.end();
        }
        return Optional.of(new JsonPath(steps));
    }

    private static Step step(Matcher matcher) {
        if (matcher.group("wanted") != null) {
            return filter(matcher.group("filter"), matcher.group("operator"), unquoted(matcher.group("wanted")));
        }
        if (matcher.group("index") != null) {
            int index = Integer.parseInt(matcher.group("index"));
            return node -> present(node.path(index < 0 ? node.size() + index : index));
        }
        String name = matcher.group("quoted") != null ? unquoted(matcher.group("quoted")) : matcher.group("name");
        if (name == null) {
            return JsonPath::children;
        }
        String plain = name.replaceAll("\\\\(.)", "$1");
        return node -> present(node.path(plain));
    }

    private static Step filter(String path, String operator, String wanted) {
        List<Step> inner = parse(path).map(parsed -> parsed.steps).orElse(List.of());
        BiPredicate<List<JsonNode>, String> equal =
                (found, value) -> !found.isEmpty() && found.getFirst().asText().equals(value);
        boolean negated = operator.equals("!=");
        return node -> children(node).stream()
                .filter(child -> equal.test(new JsonPath(inner).find(child), wanted) != negated)
                .toList();
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2 && (text.startsWith("'") || text.startsWith("\""));
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private static List<JsonNode> children(JsonNode node) {
        List<JsonNode> children = new ArrayList<>();
        node.elements().forEachRemaining(children::add);
        return children;
    }

    private static List<JsonNode> present(JsonNode node) {
        return node.isMissingNode() || node.isNull() ? List.of() : List.of(node);
    }

    /** All values that the path leads to, in the order of the document. */
    List<JsonNode> find(JsonNode root) {
        List<JsonNode> current = List.of(root);
        for (Step step : steps) {
            current = current.stream().flatMap(node -> step.from(node).stream()).toList();
        }
        return current;
    }

    Optional<JsonNode> first(JsonNode root) {
        return find(root).stream().findFirst();
    }
}
