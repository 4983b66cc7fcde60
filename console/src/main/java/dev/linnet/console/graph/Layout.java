package dev.linnet.console.graph;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Where everything of a graph is drawn, in pixels from the top left.
 *
 * @param down  whether callers stand above those whom they call, rather than before them
 * @param nodes their middles, by id
 * @param lines how calls run
 */
record Layout(double width, double height, boolean down, Map<String, Spot> nodes, Map<Call, Line> lines) {
    static final Layout EMPTY = new Layout(0, 0, false, Map.of(), Map.of());

    /** What is drawn as one line: calls of one node to another, by one Service unless that is a node of its own. */
    record Call(String from, String to, String service) {
        String key() {
            return from + "|" + to + "|" + service;
        }
    }

    /** A point. */
    record Spot(double x, double y) {}

    /**
     * A line and the middle of what it says.
     *
     * @param path as SVG's {@code d}
     */
    record Line(String path, Spot label) {}

    Layout {
        nodes = Map.copyOf(nodes);
        lines = Map.copyOf(lines);
    }

    /** How large it is drawn in a window; 1 is as large as it is meant. */
    double scaleIn(double windowWidth, double windowHeight) {
        return Math.min(1, Math.min(windowWidth / width, windowHeight / height));
    }

    /** For the script that draws: {@code {width, height, down, nodes: {id: [x, y]}, lines: {"from|to|service": [path, x, y]}}}. */
    String json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("width", Math.ceil(width)).put("height", Math.ceil(height)).put("down", down);
        ObjectNode spots = json.putObject("nodes");
        nodes.forEach((id, spot) -> spots.putArray(id).add(spot.x()).add(spot.y()));
        ObjectNode paths = json.putObject("lines");
        lines.forEach((call, line) -> paths.putArray(call.key())
                .add(line.path())
                .add(line.label().x())
                .add(line.label().y()));
        return json.toString();
    }
}
