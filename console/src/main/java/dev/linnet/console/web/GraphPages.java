package dev.linnet.console.web;

import dev.linnet.console.graph.Picture;
import dev.linnet.console.graph.Places;
import dev.linnet.console.graph.Wish;
import dev.linnet.console.release.Release;
import dev.linnet.console.view.GraphView;
import dev.linnet.numbers.Graph;
import java.util.HashMap;
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
        return Wish.of(
                query.get("window"), query.get("ns"), query.get("errors"), query.get("services"), query.get("slim"));
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
        return new Live(visit, wish(visit));
    }

    /** The graph for one who looks. */
    private final class Live implements LiveParts {
        private final Visit visit;
        private final Wish wish;
        private final Places places;

        Live(Visit visit, Wish wish) {
            this.visit = visit;
            this.wish = wish;
            this.places = new Places(wish.slim());
        }

        @Override
        public Map<String, String> now() throws InterruptedException {
            if (!GatewayPages.denied(visit, GRAPH).isEmpty()) {
                return Map.of();
            }
            Graph graph = desk.gateways().graph(wish.window());
            return Picture.of(graph, wish, releases(visit), places);
        }
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
