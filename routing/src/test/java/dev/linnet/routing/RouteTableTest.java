package dev.linnet.routing;

import static dev.linnet.routing.Routes.exact;
import static dev.linnet.routing.Routes.prefix;
import static dev.linnet.routing.Routes.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private static String find(RouteTable table, String url) {
        return switch (table.find(request(url))) {
            case Route route -> route.rule().source().name();
            case Match.SlashRedirect redirect -> "301 " + redirect.path();
            case Match.Unmatched unmatched -> unmatched.name();
        };
    }

    @ParameterizedTest
    @CsvSource({
        "http://app.example.com/, Prefix app.example.com/",
        "http://APP.Example.COM/, Prefix app.example.com/",
        "http://app.example.com:8080/, Prefix app.example.com/",
        "http://app.example.com./, Prefix app.example.com/",
        "http://app.example.com.:80/, Prefix app.example.com/",
        "http://other.example.com/, Prefix *.example.com/",
        "http://OTHER.example.com/, Prefix *.example.com/",
        "http://a.b.example.com/, Prefix /",
        "http://example.com/, Prefix /",
        "http://.example.com/, Prefix /",
        "http://xapp.example.com.evil/, Prefix /",
        "http://127.0.0.1:80/, Prefix /",
        "http://[::1]:80/, Prefix /",
        "/, Prefix /",
    })
    void findsTheHostExactlyThenByOneLabelThenAny(String url, String expected) {
        RouteTable table =
                RouteTable.of(List.of(prefix("", "/"), prefix("*.example.com", "/"), prefix("app.example.com", "/")));

        assertThat(find(table, url)).isEqualTo(expected);
    }

    @Test
    void answersNoHostWhereNothingIsForAnyHost() {
        RouteTable table = RouteTable.of(List.of(prefix("app", "/x")));

        assertThat(find(table, "http://other/")).isEqualTo("NO_HOST");
        assertThat(find(table, "/")).isEqualTo("NO_HOST");
    }

    @Test
    void doesNotFallBackToAnyHostForAnUnknownPathOfAKnownHost() {
        RouteTable table = RouteTable.of(List.of(prefix("", "/"), prefix("app", "/app")));

        assertThat(find(table, "http://app/other")).isEqualTo("NO_PATH");
    }

    @ParameterizedTest
    @CsvSource({
        "/, Prefix h/",
        "/foo, Exact h/foo",
        "/foo/, Prefix h/foo",
        "/foo/x, Prefix h/foo",
        "/foobar, Prefix h/",
        "/foo/bar, Prefix h/foo/bar",
        "/foo/bar/, Prefix h/foo/bar",
        "/foo/barx, Prefix h/foo",
        "/foo/bar/baz/qux, Prefix h/foo/bar",
        "/exact, Exact h/exact",
        "/exact/, Prefix h/",
        "/exact/x, Prefix h/",
        "/FOO, Prefix h/",
        "/a%20b, Prefix h/a b",
        "/%66oo/x, Prefix h/foo",
        "//foo//x, Prefix h/foo",
        "/x/../foo/x, Prefix h/foo",
        "/foo/./bar, Prefix h/foo/bar",
        "/foo/%2e%2e/exact, Exact h/exact",
        "/foo%2Fbar/x, Prefix h/foo/bar",
        "/slash, 301 /slash/",
        "/slash/, Prefix h/slash/",
        "/slash/x, Prefix h/slash/",
        "/ünï/x, Prefix h/ünï",
        "/%C3%BCn%C3%AF/x, Prefix h/ünï",
    })
    void findsThePathExactlyThenByLongestPrefix(String path, String expected) {
        RouteTable table = RouteTable.of(List.of(
                prefix("h", "/"),
                prefix("h", "/foo"),
                exact("h", "/foo"),
                prefix("h", "/foo/bar"),
                exact("h", "/exact"),
                prefix("h", "/a b"),
                prefix("h", "/slash/"),
                prefix("h", "/ünï")));

        assertThat(find(table, "http://h" + path)).isEqualTo(expected);
    }

    @Test
    void redirectsToAnExactPathWithASlashToo() {
        RouteTable table = RouteTable.of(List.of(exact("h", "/foo/")));

        assertThat(find(table, "http://h/foo")).isEqualTo("301 /foo/");
        assertThat(find(table, "http://h/foo/")).isEqualTo("Exact h/foo/");
        assertThat(find(table, "http://h/foo/x")).isEqualTo("NO_PATH");
    }

    @Test
    void doesNotRedirectWhereAnotherRuleHasThePathWithoutSlash() {
        RouteTable table = RouteTable.of(List.of(prefix("h", "/foo/"), prefix("h", "/foo")));

        assertThat(find(table, "http://h/foo")).isEqualTo("Prefix h/foo");
        assertThat(find(table, "http://h/foo/x")).isEqualTo("Prefix h/foo/");
    }

    @Test
    void letsTheFirstOfTwoRulesForTheSamePathWin() {
        Rule older = prefix("h", "/");
        Rule younger = new Rule(
                "h", older.path(), Routes.CANARY, List.of(), new ObjectRef("Ingress", "b", "younger"), older.limits());

        Match match = RouteTable.of(List.of(older, younger)).find(request("http://h/"));

        assertThat(match)
                .isInstanceOfSatisfying(
                        Route.class, route -> assertThat(route.rule()).isSameAs(older));
    }

    @Test
    void changesSomeHostsAndSharesTheRest() {
        RouteTable before = RouteTable.of(List.of(prefix("a", "/"), prefix("b", "/"), prefix("", "/")));

        RouteTable after = before.withHosts(Map.of(
                "a", List.of(prefix("a", "/new")),
                "b", List.of(),
                "c", List.of(prefix("c", "/")),
                "", List.of()));

        assertThat(find(after, "http://a/new")).isEqualTo("Prefix a/new");
        assertThat(find(after, "http://b/")).isEqualTo("NO_HOST");
        assertThat(find(after, "http://c/")).isEqualTo("Prefix c/");
        assertThat(find(before, "http://a/")).isEqualTo("Prefix a/");
        assertThat(find(before, "http://b/")).isEqualTo("Prefix b/");
        RouteTable again = after.withHosts(Map.of("a", List.of()));
        assertThat(again.find(request("http://c/"))).isSameAs(after.find(request("http://c/")));
    }

    /** Open addressing with removal is easy to get wrong: compare with a map, through many changes. */
    @Test
    void agreesWithAMapThroughManyChanges() {
        Random random = new Random(7);
        RouteTable table = RouteTable.of(List.of());
        Map<String, String> expected = new HashMap<>();
        for (int round = 0; round < 400; round++) {
            Map<String, List<Rule>> changes = new HashMap<>();
            for (int i = 0; i < random.nextInt(1, 12); i++) {
                String host = "host-" + random.nextInt(120) + ".example.com";
                String path = "/v" + random.nextInt(100);
                boolean gone = random.nextInt(3) == 0;
                changes.put(host, gone ? List.of() : List.of(exact(host, path)));
            }
            table = table.withHosts(changes);
            changes.forEach((host, rules) -> {
                if (rules.isEmpty()) {
                    expected.remove(host);
                } else {
                    expected.put(host, rules.getFirst().path().path());
                }
            });
            for (int i = 0; i < 120; i++) {
                String host = "host-" + i + ".example.com";
                String path = expected.getOrDefault(host, "/");
                String name = expected.containsKey(host) ? "Exact " + host + path : "NO_HOST";
                assertThat(find(table, "http://" + host + path)).isEqualTo(name);
            }
        }
    }

    @Test
    void findsEachOfTenThousandHostsWithTenPaths() {
        List<Rule> rules = new ArrayList<>();
        for (int host = 0; host < 10_000; host++) {
            for (int path = 0; path < 10; path++) {
                rules.add(prefix("host-" + host + ".example.com", "/path-" + path));
            }
        }
        RouteTable table = RouteTable.of(rules);

        assertThat(table.rules()).hasSize(100_000);
        for (int host = 0; host < 10_000; host += 97) {
            String name = "host-" + host + ".example.com/path-" + host % 10;
            assertThat(find(table, "http://" + name + "/x")).isEqualTo("Prefix " + name);
        }
    }

    @Test
    void routesWithoutMakingObjects() {
        Rule rule = Routes.with(
                Routes.canary(Routes.plus(Routes.plus(Routes.header(Routes.named("X-Canary")), "version"), 10)));
        RouteTable table =
                RouteTable.of(List.of(rule, prefix("app.example.com", "/api"), prefix("*.example.com", "/")));
        TextRequest request = request("http://unknown.example.org/api/a/b", "X-Canary: maybe", "Cookie: a=b; c=d");
        Random random = new Random(1);
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();

        Dealer dealer = ((Route) table.find(request)).newDealer(random);
        long chosen = 0;
        long before = 0;
        for (int i = 0; i < 30_000; i++) {
            if (i == 20_000) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            if (table.find(request) instanceof Route route) {
                chosen += route.choose(request, _ -> true, dealer).isCanary() ? 1 : 0;
            }
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(chosen).isBetween(2000L, 4000L);
        assertThat(allocated).isLessThan(10_000);
    }
}
