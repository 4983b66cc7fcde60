package dev.linnet.console.web;

import dev.linnet.console.graph.Picture;
import dev.linnet.console.graph.Wish;
import dev.linnet.console.release.Release;
import dev.linnet.console.view.GraphView;
import dev.linnet.numbers.Graph;
import dev.linnet.numbers.GraphJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who calls whom. For those to whom the gateways would tell it, too. */
final class GraphPages {
    private static final String GRAPH = "/linnet/v1/graph";

    private final Desk desk;

    GraphPages(Desk desk) {
        this.desk = desk;
    }

    private static Wish wish(Visit visit) {
        Form query = visit.query();
        return Wish.of(query.get("window"), query.get("ns"), query.get("errors"), query.get("services"));
    }

    Reply page(Visit visit) {
        GraphView view = new GraphView(
                desk.frame(visit, "graph"),
                wish(visit),
                desk.releases().namespaces().stream()
                        .filter(visit.who().rights()::sees)
                        .toList(),
                GatewayPages.denied(visit, GRAPH));
        return desk.page("graph", view);
    }

    LiveParts live(Visit visit) {
        Wish wish = wish(visit);
        return () -> GatewayPages.denied(visit, GRAPH).isEmpty()
                ? Map.of("graph", Picture.of(graph(wish), wish, releases(visit)))
                : Map.of();
    }

    private Graph graph(Wish wish) throws InterruptedException {
        List<String> answers =
                desk.gateways().ask(GRAPH + "?window=" + wish.window().toSeconds() + "s");
        return answers.stream()
                .map(GraphJson::read)
                .reduce(Graph::plus)
                .orElse(new Graph("", desk.clock().instant(), wish.window(), List.of(), List.of()));
    }

    /** What runs in releases that are under way. */
    private Map<String, Picture.Release> releases(Visit visit) {
        Map<String, Picture.Release> parts = new HashMap<>();
        for (Release release : desk.releases().all()) {
            if (release.phase().isRunning() && visit.who().rights().sees(release.namespace())) {
                String target = release.namespace() + "/" + release.names().target();
                String address = "/release/" + release.key();
                parts.put(target, new Picture.Release(address, true, release.weight()));
                parts.put(target + "-primary", new Picture.Release(address, false, 100 - release.weight()));
            }
        }
        return parts;
    }
}
