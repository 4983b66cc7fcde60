package dev.linnet.manifests.gotemplate;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A template of Go's text/template: actions, pipelines, variables, {@code if}, {@code range}, {@code with}, {@code define}, comments, trimmed
 * spaces, and the functions that Go predefines. A missing key is a mistake ({@code missingkey=error}), and there is no data: the dot is nil.
 */
public final class GoTemplate {
    private final Map<String, List<Node>> templates;
    private final Map<String, Value> values;

    private GoTemplate(Map<String, List<Node>> templates, Map<String, Value> values) {
        this.templates = Map.copyOf(templates);
        this.values = Map.copyOf(values);
    }

    /**
     * Reads one.
     *
     * @param values what its functions without arguments say, by their names
     * @throws TemplateMistake with the line and what would be right
     */
    public static GoTemplate parse(String template, Map<String, Value> values) throws TemplateMistake {
        Set<String> functions = new HashSet<>(values.keySet());
        functions.addAll(Functions.NAMES);
        return new GoTemplate(Parser.parse(template, functions), values);
    }

    /** What it comes to. */
    public String render() throws TemplateMistake {
        return new Rendering(templates, values).text();
    }
}
