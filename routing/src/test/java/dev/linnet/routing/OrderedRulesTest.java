package dev.linnet.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.RequestMatch.Part;
import dev.linnet.routing.RequestMatch.Source;
import dev.linnet.routing.Rule.CanarySide;
import dev.linnet.routing.Rule.PathMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Rules that are asked in their order, on conditions of all kinds (spec of Istio, §1.8). */
final class OrderedRulesTest {
    private static final ObjectRef SOURCE = new ObjectRef("VirtualService", "shop", "reviews");
    private static final Workload V2 =
            new Workload("shop", "productpage", Map.of("app", "productpage", "version", "v2"));

    @Test
    void takesTheFirstRuleWhoseConditionsHoldAndNotTheMostExact() {
        RouteTable table = table(
                rule("one", new Part.Path(new TextMatch.Begins("/foo"), false)),
                rule("two", new Part.Path(new TextMatch.Is("/foo/bar"), false)),
                rule("three"));

        assertThat(backend(table, "http://a.example.com/foo/bar")).isEqualTo("one");
        assertThat(backend(table, "http://a.example.com/foobar")).isEqualTo("one");
        assertThat(backend(table, "http://a.example.com/other")).isEqualTo("three");
    }

    @Test
    void joinsTheLinesOfAHeaderAndComparesTheWhole() {
        RouteTable table = table(rule("one", new Part.Header("x-a", new TextMatch.Is("1,2"))), rule("rest"));

        assertThat(backend(table, "http://a.example.com/", "X-A", "1", "x-a", "2"))
                .isEqualTo("one");
        assertThat(backend(table, "http://a.example.com/", "X-A", "1")).isEqualTo("rest");
    }

    @Test
    void takesAMissingHeaderForAnEmptyOneWhereAHeaderIsUnwanted() {
        Part notJason = new Part.NotHeader("end-user", new TextMatch.Is("jason"));
        Part absent = new Part.NotHeader("end-user", new TextMatch.IsThere());
        Part never = new Part.NotHeader("end-user", new TextMatch.Matches(Pattern.compile(".*")));

        assertThat(backend(table(rule("abort", notJason), rule("rest")), "http://a.example.com/"))
                .isEqualTo("abort");
        assertThat(backend(table(rule("abort", absent), rule("rest")), "http://a.example.com/", "End-User", ""))
                .isEqualTo("rest");
        assertThat(backend(table(rule("abort", never), rule("rest")), "http://a.example.com/"))
                .isEqualTo("rest");
    }

    @Test
    void comparesHostWithPortQueryAndMethodAsTheyWereSent() {
        RouteTable table = table(
                rule("query", new Part.Query("q", new TextMatch.Begins("a%20"))),
                rule("method", new Part.Method(new TextMatch.Is("POST"))),
                rule("rest"));

        assertThat(backend(table, "http://a.example.com/?x=1&q=a%20b")).isEqualTo("query");
        assertThat(backend(table, "http://a.example.com/?q=a+b")).isEqualTo("rest");
    }

    @Test
    void asksWhoCallsForEachRequest() {
        RouteTable table = table(
                rule("canary", new Part.From(new Source(Set.of(), Map.of("version", "v2")))),
                rule("others", new Part.FromOthers(List.of(new Source(Set.of("shop"), Map.of())))),
                rule("rest"));
        TextRequest request = TextRequest.of("http://a.example.com/", List.of());

        assertThat(backend(table, request.by(V2))).isEqualTo("canary");
        assertThat(backend(table, request)).isEqualTo("others");
        assertThat(backend(table, request.by(new Workload("shop", "productpage", Map.of("version", "v1")))))
                .isEqualTo("rest");
    }

    @Test
    void servesAnyNumberOfLabelsBelowADoubleStarAndTheLongestOne() {
        RouteTable table = RouteTable.of(List.of(
                rule("**.example.com", "wide"), rule("**.b.example.com", "narrow"), rule("a.example.com", "exact")));

        assertThat(backend(table, "http://x.y.example.com/")).isEqualTo("wide");
        assertThat(backend(table, "http://x.y.b.example.com/")).isEqualTo("narrow");
        assertThat(backend(table, "http://a.example.com/")).isEqualTo("exact");
        assertThat(table.find(TextRequest.of("http://example.com/", List.of()))).isEqualTo(Match.Unmatched.NO_HOST);
    }

    @Test
    void looksForTheHostOfTheListenerWhateverTheRequestSays() {
        RouteTable table = RouteTable.of(List.of(rule("web.shop.svc.cluster.local:80", "inside")));
        TextRequest request = TextRequest.of("http://web/", List.of());

        assertThat(backend(table, request.at("web.shop.svc.cluster.local:80"))).isEqualTo("inside");
        assertThat(table.find(request)).isEqualTo(Match.Unmatched.NO_HOST);
    }

    @Test
    void leavesTheShareOfAVersionWithoutEndpointsToNobody() {
        CanarySide half = new CanarySide(
                new ServiceRef("shop", "v2", "80"),
                new CanarySelector(Optional.empty(), Optional.empty(), new Share(1, 2)),
                SOURCE);
        Rule rule = new Rule(
                "a.example.com",
                new PathMatch.Ordered("/", RequestMatch.ANY),
                new ServiceRef("shop", "v1", "80"),
                List.of(half),
                SOURCE,
                Rule.Limits.DEFAULT);
        Route route = new Route(rule);
        TextRequest request = TextRequest.of("http://a.example.com/", List.of());
        SplittableRandom random = new SplittableRandom(1);
        int second = 0;
        for (int i = 0; i < 1_000; i++) {
            Side chosen = route.choose(request, ref -> ref.name().equals("v1"), random);
            second += chosen.backend().name().equals("v2") ? 1 : 0;
        }
        assertThat(second).isBetween(420, 580);
    }

    @Test
    void explainsWhoCallsAndWhyNotTheOthers() {
        RouteTable table =
                table(rule("canary", new Part.From(new Source(Set.of(), Map.of("version", "v2")))), rule("rest"));
        Explanation explanation =
                table.explain(TextRequest.of("http://a.example.com/", List.of()), _ -> true, new SplittableRandom(1));

        assertThat(explanation.side().orElseThrow().backend().name()).isEqualTo("rest");
        assertThat(explanation.others().toString()).contains("it is for from version=v2");
    }

    private static RouteTable table(Rule... rules) {
        return RouteTable.of(List.of(rules));
    }

    private static Rule rule(String service, Part... parts) {
        return rule("a.example.com", service, parts);
    }

    private static Rule rule(String host, String service, Part... parts) {
        return new Rule(
                host,
                new PathMatch.Ordered("/", new RequestMatch(List.of(parts))),
                new ServiceRef("shop", service, "80"),
                List.of(),
                SOURCE,
                Rule.Limits.DEFAULT);
    }

    private static String backend(RouteTable table, String url, String... headers) {
        List<Map.Entry<String, String>> all = new ArrayList<>();
        for (int i = 0; i + 1 < headers.length; i += 2) {
            all.add(Map.entry(headers[i], headers[i + 1]));
        }
        return backend(table, TextRequest.of(url, all));
    }

    private static String backend(RouteTable table, TextRequest request) {
        return ((Route) table.find(request)).primary().backend().name();
    }
}
