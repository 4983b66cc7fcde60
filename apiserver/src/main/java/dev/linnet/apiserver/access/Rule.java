package dev.linnet.apiserver.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One rule of a Role or ClusterRole, with the meaning that Kubernetes gives it.
 *
 * @param names the only objects that it speaks of; none for all
 * @param urls  paths that hold no objects; a rule has either these or resources
 */
public record Rule(
        List<String> verbs, List<String> groups, List<String> resources, List<String> names, List<String> urls) {
    private static final String ALL = "*";

    public Rule {
        verbs = List.copyOf(verbs);
        groups = List.copyOf(groups);
        resources = List.copyOf(resources);
        names = List.copyOf(names);
        urls = List.copyOf(urls);
    }

    /** Reads the field {@code rules} of a role. What is not as it should be is left out. */
    public static List<Rule> of(JsonNode rules) {
        List<Rule> read = new ArrayList<>();
        for (JsonNode rule : rules) {
            read.add(new Rule(
                    texts(rule.path("verbs")),
                    texts(rule.path("apiGroups")),
                    texts(rule.path("resources")),
                    texts(rule.path("resourceNames")),
                    texts(rule.path("nonResourceURLs"))));
        }
        return List.copyOf(read);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : array) {
            if (text.isTextual()) {
                texts.add(text.textValue());
            }
        }
        return texts;
    }

    boolean allows(Act act) {
        return has(verbs, act.verb())
                && switch (act) {
                    case Act.OnResource on ->
                        has(groups, on.group())
                                && speaksOf(on)
                                && (names.isEmpty() || (!on.name().isEmpty() && names.contains(on.name())));
                    case Act.OnPath on -> urls.stream().anyMatch(url -> covers(url, on.path()));
                };
    }

    private boolean speaksOf(Act.OnResource on) {
        return has(resources, on.path())
                || (!on.subresource().isEmpty() && resources.contains("*/" + on.subresource()));
    }

    private static boolean has(List<String> values, String wanted) {
        return values.contains(ALL) || values.contains(wanted);
    }

    private static boolean covers(String url, String path) {
        return url.equals(path) || (url.endsWith(ALL) && path.startsWith(url.substring(0, url.length() - 1)));
    }

    /** Whether whoever has this rule has that part too, see {@link #parts()}. */
    boolean covers(Rule part) {
        return all(part.verbs, verb -> has(verbs, verb))
                && all(part.groups, group -> has(groups, group))
                && all(part.resources, this::coversResource)
                && (names.isEmpty() || (!part.names.isEmpty() && names.containsAll(part.names)))
                && all(part.urls, path -> urls.stream().anyMatch(url -> covers(url, path)));
    }

    private boolean coversResource(String resource) {
        int slash = resource.indexOf('/');
        return has(resources, resource) || (slash >= 0 && resources.contains(ALL + resource.substring(slash)));
    }

    private static boolean all(List<String> values, Predicate<String> test) {
        return values.stream().allMatch(test);
    }

    /** The same as rules that each speak of one verb on one thing. */
    List<Rule> parts() {
        List<Rule> parts = new ArrayList<>();
        for (String verb : verbs) {
            for (String group : groups) {
                for (String resource : resources) {
                    List<List<String>> each = names.isEmpty()
                            ? List.of(List.of())
                            : names.stream().map(List::of).toList();
                    each.forEach(name ->
                            parts.add(new Rule(List.of(verb), List.of(group), List.of(resource), name, List.of())));
                }
            }
            urls.forEach(url -> parts.add(new Rule(List.of(verb), List.of(), List.of(), List.of(), List.of(url))));
        }
        return parts;
    }

    /** This rule for more verbs. */
    Rule withVerbs(List<String> more) {
        List<String> both = new ArrayList<>(verbs);
        more.stream().filter(verb -> !both.contains(verb)).forEach(both::add);
        return new Rule(both, groups, resources, names, urls);
    }

    /** As Kubernetes prints a rule on one line: {@code {APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}}. */
    String text() {
        List<String> fields = new ArrayList<>();
        print("APIGroups", groups, fields);
        print("Resources", resources, fields);
        print("NonResourceURLs", urls, fields);
        print("ResourceNames", names, fields);
        print("Verbs", verbs, fields);
        return "{" + String.join(", ", fields) + "}";
    }

    private static void print(String name, List<String> values, List<String> fields) {
        if (!values.isEmpty()) {
            fields.add(name + ":" + quoted(values));
        }
    }

    /** {@code ["a" "b"]}. */
    static String quoted(List<String> values) {
        return values.stream().map(value -> '"' + value + '"').collect(Collectors.joining(" ", "[", "]"));
    }

    public ObjectNode json() {
        ObjectNode json = Json.object();
        put(json, "verbs", verbs);
        put(json, "apiGroups", groups);
        put(json, "resources", resources);
        put(json, "resourceNames", names);
        put(json, "nonResourceURLs", urls);
        return json;
    }

    private static void put(ObjectNode json, String field, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode array = json.putArray(field);
            values.forEach(array::add);
        }
    }

    boolean isForUrls() {
        return !urls.isEmpty();
    }
}
