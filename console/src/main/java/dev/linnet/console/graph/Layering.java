package dev.linnet.console.graph;

import dev.linnet.console.graph.Layout.Call;
import dev.linnet.console.graph.Layout.Line;
import dev.linnet.console.graph.Layout.Spot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.elk.alg.layered.options.CycleBreakingStrategy;
import org.eclipse.elk.alg.layered.options.LayerUnzippingStrategy;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.alg.layered.options.OrderingStrategy;
import org.eclipse.elk.core.RecursiveGraphLayoutEngine;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.options.BoxLayouterOptions;
import org.eclipse.elk.core.options.CoreOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeLabelPlacement;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkLabel;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.ElkShape;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/**
 * Has the Eclipse Layout Kernel lay out a graph: callers before those whom they call, lines around nodes, and room for what lines say. The same
 * graph has the same picture, and a little change of it a little change of the picture: everything is given in the order of the names.
 */
final class Layering {
    private static final double WIDTH = 184;
    private static final double HEIGHT = 46;

    /** Of what a line says, in two rows. */
    private static final double LABEL_WIDTH = 104;

    private static final double LABEL_HEIGHT = 30;

    /** Above it one sees lines only from so far away that they say nothing, and long columns become several. */
    private static final int MOST_LABELS = 80;

    private static final int MOST_NODES_WITH_LABELS = 50;
    private static final int COLUMNS = 4;

    /** Above it layers would take seconds, and nobody could follow a line: nodes stand in rows. */
    private static final int MOST_CALLS_IN_LAYERS = 600;

    private static final int MOST_NODES_IN_LAYERS = 300;

    /** Of the page's part for it on a usual screen. A long chain would be too small in it to be read. */
    private static final double WINDOW_WIDTH = 900;

    private static final double WINDOW_HEIGHT = 560;
    private static final double WELL_READ = 0.8;
    private static final double MUCH = 1.2;

    private final ElkNode graph = ElkGraphUtil.createGraph();
    private final Map<String, ElkNode> nodes = new HashMap<>();
    private final Map<Call, ElkEdge> edges = new HashMap<>();

    private Layering(Collection<String> names, Collection<Call> calls) {
        names.stream().sorted().forEach(this::node);
        calls.stream()
                .sorted(Comparator.comparing(Call::from).thenComparing(Call::to).thenComparing(Call::service))
                .forEach(this::edge);
    }

    /**
     * Lays out.
     *
     * @param calls between these nodes
     * @param slim  for a window higher than wide: downwards, where that makes the picture slimmer; for others where it can be read better
     */
    static Layout of(Collection<String> nodes, Collection<Call> calls, boolean slim) {
        Layout across = new Layering(nodes, calls).laidOut(Direction.RIGHT);
        if (!slim && (nodes.size() > MOST_NODES_WITH_LABELS || scale(across) > WELL_READ)) {
            return across;
        }
        Layout down = new Layering(nodes, calls).laidOut(Direction.DOWN);
        boolean better = slim ? down.width() < across.width() : scale(down) > scale(across) * MUCH;
        return better ? down : across;
    }

    private static double scale(Layout layout) {
        return layout.scaleIn(WINDOW_WIDTH, WINDOW_HEIGHT);
    }

    private void node(String name) {
        ElkNode node = ElkGraphUtil.createNode(graph);
        node.setDimensions(WIDTH, HEIGHT);
        nodes.put(name, node);
    }

    private void edge(Call call) {
        edges.put(call, ElkGraphUtil.createSimpleEdge(nodes.get(call.from()), nodes.get(call.to())));
    }

    private Layout laidOut(Direction direction) {
        LayoutMetaDataService.getInstance(); // makes the algorithms known, once
        boolean layered = nodes.size() <= MOST_NODES_IN_LAYERS && edges.size() <= MOST_CALLS_IN_LAYERS;
        if (layered) {
            layers(direction);
        } else {
            graph.setProperty(CoreOptions.ALGORITHM, BoxLayouterOptions.ALGORITHM_ID);
        }
        new RecursiveGraphLayoutEngine().layout(graph, new BasicProgressMonitor());
        Map<String, Spot> spots = new HashMap<>();
        nodes.forEach((name, node) -> spots.put(name, middle(node)));
        Map<Call, Line> lines = new HashMap<>();
        edges.forEach((call, edge) -> lines.put(
                call,
                layered
                        ? line(edge)
                        : straight(
                                middle(edge.getSources().getFirst()),
                                middle(edge.getTargets().getFirst()))));
        return new Layout(graph.getWidth(), graph.getHeight(), layered && direction == Direction.DOWN, spots, lines);
    }

    private void layers(Direction direction) {
        graph.setProperty(CoreOptions.ALGORITHM, LayeredOptions.ALGORITHM_ID);
        graph.setProperty(LayeredOptions.DIRECTION, direction);
        graph.setProperty(LayeredOptions.EDGE_ROUTING, EdgeRouting.SPLINES);
        graph.setProperty(LayeredOptions.CYCLE_BREAKING_STRATEGY, CycleBreakingStrategy.DEPTH_FIRST);
        graph.setProperty(LayeredOptions.CONSIDER_MODEL_ORDER_STRATEGY, OrderingStrategy.NODES_AND_EDGES);
        graph.setProperty(LayeredOptions.CONSIDER_MODEL_ORDER_CROSSING_COUNTER_NODE_INFLUENCE, 0.001);
        graph.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, 24.0);
        if (nodes.size() <= MOST_NODES_WITH_LABELS && edges.size() <= MOST_LABELS) {
            graph.setProperty(LayeredOptions.SPACING_NODE_NODE, 30.0);
            graph.setProperty(LayeredOptions.SPACING_EDGE_NODE_BETWEEN_LAYERS, 18.0);
            edges.values().forEach(Layering::label);
        } else {
            graph.setProperty(LayeredOptions.SPACING_NODE_NODE, 14.0);
            graph.setProperty(LayeredOptions.SPACING_EDGE_NODE, 6.0);
            graph.setProperty(LayeredOptions.SPACING_EDGE_EDGE, 3.0);
            graph.setProperty(LayeredOptions.SPACING_EDGE_EDGE_BETWEEN_LAYERS, 3.0);
            graph.setProperty(LayeredOptions.LAYER_UNZIPPING_STRATEGY, LayerUnzippingStrategy.ALTERNATING);
            nodes.values().forEach(node -> node.setProperty(LayeredOptions.LAYER_UNZIPPING_LAYER_SPLIT, COLUMNS));
        }
    }

    private static void label(ElkEdge edge) {
        ElkLabel label = ElkGraphUtil.createLabel("calls", edge); // one without text would get no room
        label.setDimensions(LABEL_WIDTH, LABEL_HEIGHT);
        label.setProperty(LayeredOptions.EDGE_LABELS_INLINE, true);
        label.setProperty(LayeredOptions.EDGE_LABELS_PLACEMENT, EdgeLabelPlacement.CENTER);
    }

    private static Spot middle(ElkShape shape) {
        return spot(shape.getX() + shape.getWidth() / 2, shape.getY() + shape.getHeight() / 2);
    }

    private static Spot spot(double x, double y) {
        return new Spot(Math.round(x), Math.round(y));
    }

    private static Line straight(Spot from, Spot to) {
        return new Line("M" + text(from) + " L" + text(to), spot((from.x() + to.x()) / 2, (from.y() + to.y()) / 2));
    }

    /** Bends are the control points of cubic curves, of which the last may be a quadratic curve or a straight line. */
    private static Line line(ElkEdge edge) {
        ElkEdgeSection section = edge.getSections().getFirst();
        List<Spot> points = new ArrayList<>();
        section.getBendPoints().forEach(bend -> points.add(spot(bend.getX(), bend.getY())));
        points.add(spot(section.getEndX(), section.getEndY()));
        Spot begin = spot(section.getStartX(), section.getStartY());
        StringBuilder path = new StringBuilder("M").append(text(begin));
        for (int i = 0; i < points.size(); i += 3) {
            List<Spot> curve = points.subList(i, Math.min(i + 3, points.size()));
            path.append(" ").append("LQC".charAt(curve.size() - 1));
            curve.forEach(point -> path.append(text(point)).append(' '));
        }
        Spot label = edge.getLabels().isEmpty()
                ? points.get((points.size() - 1) / 2)
                : middle(edge.getLabels().getFirst());
        return new Line(path.toString().strip(), label);
    }

    private static String text(Spot spot) {
        return (int) spot.x() + " " + (int) spot.y();
    }
}
