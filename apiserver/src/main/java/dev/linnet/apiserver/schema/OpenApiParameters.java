package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The query and path parameters that operations take. */
final class OpenApiParameters {
    private OpenApiParameters() {}

    static void writing(ArrayNode parameters) {
        query(parameters, "dryRun", "string", "All: do everything but store the result.");
        query(parameters, "fieldManager", "string", "Who writes, as managedFields shows it.");
        query(
                parameters,
                "fieldValidation",
                "string",
                "What becomes of unknown and duplicate fields: Ignore drops them, Warn (the default) drops them and warns, "
                        + "Strict refuses the request.");
    }

    static void forcing(ArrayNode parameters) {
        query(parameters, "force", "boolean", "Apply also what others own. For apply patches only.");
    }

    static void deleting(ArrayNode parameters) {
        query(parameters, "dryRun", "string", "All: do everything but delete.");
        query(parameters, "gracePeriodSeconds", "integer", "How long the object may take to end; 0 is at once.");
        query(
                parameters,
                "propagationPolicy",
                "string",
                "What becomes of dependents: Orphan, Background or Foreground.");
    }

    static void selecting(ArrayNode parameters) {
        query(parameters, "continue", "string", "Where the last page ended.");
        query(parameters, "fieldSelector", "string", "Which objects, by their fields.");
        query(parameters, "labelSelector", "string", "Which objects, by their labels.");
        query(parameters, "limit", "integer", "How many objects a page holds.");
        query(parameters, "resourceVersion", "string", "The version of the collection to read.");
        query(parameters, "resourceVersionMatch", "string", "How resourceVersion is meant: Exact or NotOlderThan.");
    }

    static void watching(ArrayNode parameters) {
        query(parameters, "allowWatchBookmarks", "boolean", "Send bookmarks on a watch.");
        query(parameters, "sendInitialEvents", "boolean", "Begin a watch with the objects that there are.");
        query(parameters, "timeoutSeconds", "integer", "When to end the call.");
        query(parameters, "watch", "boolean", "Answer with a stream of changes.");
    }

    static void inPath(ArrayNode parameters, String name, String description) {
        parameter(parameters, name, "string", description).put("in", "path").put("required", true);
    }

    private static void query(ArrayNode parameters, String name, String type, String description) {
        parameter(parameters, name, type, description).put("in", "query");
    }

    private static ObjectNode parameter(ArrayNode parameters, String name, String type, String description) {
        ObjectNode parameter = parameters.addObject().put("name", name).put("description", description);
        parameter.putObject("schema").put("type", type).put("uniqueItems", true);
        return parameter;
    }
}
