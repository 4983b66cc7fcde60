package dev.linnet.manifests.istio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Puts the rules of another VirtualService in the place of one that delegates to it (spec §1.19). */
final class Delegation {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> TEXTS = List.of("uri", "method", "scheme", "authority");
    private static final List<String> TEXT_MAPS = List.of("headers", "withoutHeaders", "queryParams");
    private static final List<String> MAPS = List.of("headers", "withoutHeaders", "queryParams", "sourceLabels");

    private final IstioObject root;
    private final Function<String, Optional<IstioObject>> find;
    private final Author author;

    /** @param find another VirtualService, by {@code namespace/name} */
    Delegation(IstioObject root, Function<String, Optional<IstioObject>> find, Author author) {
        this.root = root;
        this.find = find;
        this.author = author;
    }

    /**
     * A rule.
     *
     * @param of    the object that says where its requests go
     * @param where its author finds it, from the VirtualService that delegates
     */
    record Part(IstioObject of, JsonNode rule, String where) {}

    /** The rule itself if it delegates nothing; none if it does to nobody. */
    List<Part> expand(JsonNode rule, String where) {
        if (!(rule instanceof ObjectNode written) || !rule.has("delegate")) {
            return List.of(new Part(root, rule, where));
        }
        JsonNode to = rule.path("delegate");
        String name = to.path("namespace").asText(root.ref().namespace()) + "/"
                + to.path("name").asText("");
        Optional<IstioObject> leaf =
                find.apply(name).filter(found -> found.spec().path("hosts").isEmpty());
        if (leaf.isEmpty()) {
            author.mistake(
                    where + ".delegate",
                    "is " + name + ", which is no VirtualService without hosts: the rule is left out");
            return List.of();
        }
        Set<String> exported = VirtualServiceReader.exportTo(
                leaf.get().spec().path("exportTo"), leaf.get().ref().namespace());
        if (!exported.isEmpty() && !exported.contains(root.ref().namespace())) {
            author.mistake(where + ".delegate", "is " + name + ", which is not exported here: the rule is left out");
            return List.of();
        }
        ObjectNode outer = WholeNames.of(written, root.ref().namespace());
        List<Part> expanded = new ArrayList<>();
        int index = 0;
        for (JsonNode part : leaf.get().spec().path("http")) {
            String inside = where + ".delegate.spec.http[" + index++ + "]";
            if (!(part instanceof ObjectNode inner)) {
                author.mistake(
                        where + ".delegate",
                        "is " + name + ", which has " + part + " in http (expected: rules): it is left out");
                continue;
            }
            if (part.has("delegate")) {
                author.mistake(where + ".delegate", "is " + name + ", which delegates in turn: that rule is left out");
                continue;
            }
            Optional<ObjectNode> merged =
                    merged(outer, WholeNames.of(inner, leaf.get().ref().namespace()));
            merged.ifPresentOrElse(
                    whole -> expanded.add(new Part(leaf.get(), whole, inside)),
                    () -> author.mistake(
                            where + ".delegate",
                            "is " + name + ", of which a rule matches nothing that this one matches: it is left out"));
        }
        return expanded;
    }

    private static Optional<ObjectNode> merged(ObjectNode root, ObjectNode leaf) {
        Optional<ArrayNode> matches = matches(root.path("match"), leaf.path("match"));
        if (matches.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode merged = root.deepCopy();
        merged.remove(List.of("delegate", "match"));
        merged.setAll(leaf.deepCopy());
        merged.remove("match");
        if (!matches.get().isEmpty()) {
            merged.set("match", matches.get());
        }
        return Optional.of(merged);
    }

    /** Each of the leaf's with each of the root's that goes with it; empty if one of the leaf's goes with none. */
    private static Optional<ArrayNode> matches(JsonNode root, JsonNode leaf) {
        ArrayNode all = JSON.createArrayNode();
        if (root.isEmpty() || leaf.isEmpty()) {
            (root.isEmpty() ? leaf : root).forEach(all::add);
            return Optional.of(all);
        }
        for (JsonNode inner : leaf) {
            int before = all.size();
            for (JsonNode outer : root) {
                both(outer, inner).ifPresent(all::add);
            }
            if (all.size() == before) {
                return Optional.empty();
            }
        }
        return Optional.of(all);
    }

    private static Optional<ObjectNode> both(JsonNode root, JsonNode leaf) {
        boolean good = isMatch(root)
                && isMatch(leaf)
                && root.path("ignoreUriCase").asBoolean()
                        == leaf.path("ignoreUriCase").asBoolean()
                && TEXTS.stream().allMatch(field -> fits(root.path(field), leaf.path(field)))
                && TEXT_MAPS.stream().allMatch(field -> commonFit(root.path(field), leaf.path(field)))
                && samePort(root.path("port"), leaf.path("port"))
                && sameLabels(root.path("sourceLabels"), leaf.path("sourceLabels"))
                && (!root.has("sourceNamespace") || root.path("sourceNamespace").equals(leaf.path("sourceNamespace")))
                && within(root.path("gateways"), leaf.path("gateways"));
        if (!good) {
            return Optional.empty();
        }
        ObjectNode merged = root.deepCopy();
        for (Map.Entry<String, JsonNode> field : leaf.properties()) {
            if (MAPS.contains(field.getKey())
                    && merged.path(field.getKey()) instanceof ObjectNode both
                    && field.getValue() instanceof ObjectNode more) {
                both.setAll(more);
            } else {
                merged.set(field.getKey(), field.getValue());
            }
        }
        return Optional.of(merged);
    }

    /** Whether it is of the shape that a cluster demands: files may hold anything. */
    private static boolean isMatch(JsonNode entry) {
        return entry.isObject()
                && MAPS.stream()
                        .map(entry::path)
                        .allMatch(map -> map.isObject() || map.isMissingNode() || map.isNull());
    }

    private static boolean fits(JsonNode root, JsonNode leaf) {
        if (root.isEmpty() || leaf.isEmpty()) {
            return true;
        }
        if (root.has("regex") || leaf.has("regex")) {
            return false;
        }
        if (root.has("exact")) {
            return root.path("exact").equals(leaf.path("exact"));
        }
        String inner = leaf.has("exact")
                ? leaf.path("exact").asText()
                : leaf.path("prefix").asText();
        return inner.startsWith(root.path("prefix").asText());
    }

    private static boolean commonFit(JsonNode root, JsonNode leaf) {
        return root.propertyStream()
                .allMatch(field -> !leaf.has(field.getKey()) || fits(field.getValue(), leaf.path(field.getKey())));
    }

    private static boolean samePort(JsonNode root, JsonNode leaf) {
        return root.asInt(0) == 0 || leaf.asInt(0) == 0 || root.asInt() == leaf.asInt();
    }

    private static boolean sameLabels(JsonNode root, JsonNode leaf) {
        return root.propertyStream()
                .allMatch(label -> !leaf.has(label.getKey()) || label.getValue().equals(leaf.path(label.getKey())));
    }

    private static boolean within(JsonNode root, JsonNode leaf) {
        Set<String> outer = new HashSet<>(Author.texts(root));
        return outer.isEmpty() || outer.containsAll(Author.texts(leaf));
    }
}
