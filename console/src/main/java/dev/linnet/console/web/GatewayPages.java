package dev.linnet.console.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.linnet.console.access.Rights;
import dev.linnet.console.traffic.Gateways;
import dev.linnet.console.view.ExplainView;
import dev.linnet.console.view.RoutesView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the gateways tell: routes, and why a request goes where it goes. For those whom the gateways would tell it, too. */
final class GatewayPages {
    private static final String EXPLAIN = "/linnet/v1/explain";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Desk desk;

    GatewayPages(Desk desk) {
        this.desk = desk;
    }

    /** Why this person may not read it; empty if they may. */
    static String denied(Visit visit, String path) {
        return visit.who().rights().may(Rights.Act.readGateways(path))
                ? ""
                : visit.words().say("routes.denied", path);
    }

    Reply routes(Visit visit) throws InterruptedException {
        return desk.page(visit.part() ? "routesPart" : "routes", routesView(visit));
    }

    LiveParts liveRoutes(Visit visit) {
        return () -> Map.of("routes", desk.templates().render("routesHosts", routesView(visit)));
    }

    private RoutesView routesView(Visit visit) throws InterruptedException {
        String text = visit.query().get("q").strip();
        String problem = denied(visit, Gateways.ROUTES);
        Optional<RouteList> list = Optional.empty();
        if (problem.isEmpty()) {
            list = desk.gateways()
                    .routes()
                    .filter(given -> given.status() == 200)
                    .map(given -> new RouteList(read(given.body()), text, visit.words()));
            problem = list.isEmpty() ? visit.words().say("routes.down") : "";
        }
        return new RoutesView(
                desk.frame(visit, "routes"),
                text,
                list.map(RouteList::hosts).orElse(List.of()),
                list.map(RouteList::others).orElse(List.of()),
                problem);
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a gateway's answer is no JSON", e);
        }
    }

    Reply explain(Visit visit) throws InterruptedException {
        Form query = visit.query();
        String method = query.get("method");
        ExplainView.Asked asked = new ExplainView.Asked(
                query.get("url").strip(),
                method.isEmpty() ? "GET" : method,
                query.get("headers"),
                query.get("cookies").strip(),
                query.get("from").strip());
        ExplainView view = asked.url().isEmpty()
                ? view(visit, asked, Optional.empty(), denied(visit, EXPLAIN))
                : decided(visit, asked);
        return desk.page(visit.part() ? "explainPart" : "explain", view);
    }

    private ExplainView decided(Visit visit, ExplainView.Asked asked) throws InterruptedException {
        String denied = denied(visit, EXPLAIN);
        if (!denied.isEmpty()) {
            return view(visit, asked, Optional.empty(), denied);
        }
        Optional<Gateways.Answer> answer = desk.gateways().askOne(EXPLAIN + "?" + question(asked));
        if (answer.isEmpty()) {
            return view(visit, asked, Optional.empty(), visit.words().say("routes.down"));
        }
        return answer.get().status() == 200
                ? view(visit, asked, Optional.of(read(answer.get().body())), "")
                : view(visit, asked, Optional.empty(), answer.get().body().strip());
    }

    private ExplainView view(Visit visit, ExplainView.Asked asked, Optional<JsonNode> decision, String problem) {
        return new ExplainView(desk.frame(visit, "explain"), asked, decision, problem);
    }

    private static String question(ExplainView.Asked asked) {
        StringBuilder question = new StringBuilder("url=").append(encoded(whole(asked.url())));
        question.append("&method=").append(encoded(asked.method()));
        asked.headers()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .forEach(line -> question.append("&header=").append(encoded(line)));
        if (!asked.cookies().isEmpty()) {
            question.append("&cookie=").append(encoded(asked.cookies()));
        }
        if (!asked.from().isEmpty()) {
            question.append("&from=").append(encoded(asked.from()));
        }
        return question.toString();
    }

    private static String whole(String url) {
        return url.contains("://") ? url : "http://" + url;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
