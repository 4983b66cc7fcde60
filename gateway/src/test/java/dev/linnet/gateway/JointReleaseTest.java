package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.ManifestFiles;
import dev.linnet.manifests.istio.IstioObject;
import dev.linnet.manifests.istio.IstioObjects;
import dev.linnet.manifests.istio.ServicePort;
import dev.linnet.routing.CanarySelector;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.JointRelease;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.CanarySide;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Subset;
import dev.linnet.routing.Workload;
import dev.linnet.routing.policy.Balancing;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A frontend at the edge and its backend inside, each in two versions, released together. The frontend passes on what its head says of it, as
 * tracing libraries do, and answers with its own version and what the backend has answered.
 */
final class JointReleaseTest {
    private static final String EDGE = "shop.example.com";
    private static final String AROUND = """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: shop}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - port: {number: 80, name: http, protocol: HTTP}
                hosts: ["*"]
            ---
            """;
    private static final String SERVICE = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: NAME, namespace: shop}
            spec:
              host: NAME
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: NAME, namespace: shop, annotations: {linnet.dev/release: checkout}}
            spec:
              hosts: [HOST]
              gateways: [GATEWAY]
              http:
              - match: [{headers: {tester: {exact: "yes"}}}]
                route:
                - {destination: {host: NAME, subset: v2}}
              - route:
                - {destination: {host: NAME, subset: v1}, weight: PRIMARY}
                - {destination: {host: NAME, subset: v2}, weight: CANARY}
            ---
            """;
    private static final ServicePort BACKEND = new ServicePort("shop", "backend", 80);
    private static final ByteBuffer ME = ByteBuffer.wrap(new byte[] {127, 0, 0, 1});

    private final World world = new World();
    private final InetSocketAddress inside = world.listenFor(BACKEND.ruleHost());
    private List<String> passedOn = List.of("baggage", "x-linnet-release");

    @AfterEach
    void stops() {
        world.close();
    }

    @Test
    void drawsOnceForBothAndByTheWeightOfTheFirst() {
        releases(30, 0);

        Map<String, Integer> answers = ask(600);

        assertThat(answers).containsOnlyKeys("v1 > v1", "v2 > v2");
        assertThat(answers.get("v2 > v2")).isBetween(124, 236); // 180 and five standard deviations
        releases(0, 100);
        assertThat(ask(50)).isEqualTo(Map.of("v1 > v1", 50));
    }

    @Test
    void takesTestersAlongThoughOnlyTheFirstRuleAsksForThem() {
        releases(0, 0);

        assertThat(get("/", "tester: yes")).startsWith("v2 > v2");
        assertThat(get("/")).startsWith("v1 > v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"baggage", "x-linnet-release"})
    void needsOnlyOneOfTheTwoHeadersToBePassedOn(String header) {
        passedOn = List.of(header);
        releases(50, 0);

        assertThat(ask(60)).containsOnlyKeys("v1 > v1", "v2 > v2");
    }

    @Test
    void drawsAnewWhereNothingIsPassedOn() {
        passedOn = List.of();
        releases(0, 100);

        assertThat(ask(20)).isEqualTo(Map.of("v1 > v2", 20));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "baggage: linnet-release=checkout:canary",
                "baggage: user=alice,linnet%2Drelease=checkout:canary;a=b",
                "Baggage: LINNET-RELEASE=checkout:canary",
                "x-linnet-release: checkout:canary",
                "X-Linnet-Release: checkout:canary\r\nbaggage: a=b\r\nbaggage: linnet-release=checkout:canary",
            })
    void letsNobodyOutsideChooseASide(String header) {
        releases(0, 0);

        String heads = get("/", header);

        assertThat(heads).startsWith("v1 > v1").doesNotContain("canary");
        assertThat(heads).contains("x-linnet-release: checkout:primary");
    }

    @Test
    void tellsNothingOfSidesAndKeepsOtherBaggageWhereNothingIsReleased() {
        world.routes(World.rule("/"))
                .serve(World.WEB, ScriptedUpstream.answering(head -> ok(head.toLowerCase(Locale.ROOT))));

        String head = get(
                "/",
                "baggage: user=alice;since=2020 , linnet-release=checkout:canary,b=c",
                "x-linnet-release: checkout:canary",
                "baggage: linnet-release=checkout:canary",
                "baggage: d=e");

        assertThat(head).doesNotContain("linnet-release").contains("\r\nbaggage: user=alice;since=2020 , b=c, d=e\r\n");
        assertThat(get("/", "baggage: a=b", "baggage: c=d"))
                .as("untouched where it says nothing of sides")
                .contains("\r\nbaggage: a=b\r\nbaggage: c=d\r\n");
        assertThat(get("/", "baggage: linnet-release=checkout:canary")).doesNotContain("baggage");
    }

    @Test
    void keepsOtherBaggageBesideTheSideThatItTells() {
        releases(100, 0);

        assertThat(get("/", "baggage: user=alice"))
                .contains("baggage: user=alice, linnet-release=checkout:canary\r\n")
                .contains("x-linnet-release: checkout:canary\r\n");
    }

    @Test
    void believesNoUnknownCallerInside() {
        releases(0, 0);
        world.gateway.routes().workloads(Map.of(ME, Optional.empty()));

        String head = getInside("baggage: user=alice,linnet-release=checkout:canary");

        assertThat(head).startsWith("v1").contains("baggage: user=alice, linnet-release=checkout:primary");
    }

    @Test
    void believesNoPodOfAnotherNamespace() {
        releases(0, 0);
        world.gateway.routes().workloads(Map.of(ME, Optional.of(new Workload("mail", "frontend", Map.of()))));

        String head = getInside("baggage: user=alice,linnet-release=checkout:canary");

        assertThat(head).startsWith("v1").contains("baggage: user=alice, linnet-release=checkout:primary");
    }

    @Test
    void letsSidesOfOtherReleasesTravelOn() {
        releases(0, 100);

        assertThat(getInside("baggage: linnet-release=mail:canary,a=b"))
                .startsWith("v2")
                .contains("baggage: a=b, linnet-release=mail:canary~checkout:canary\r\n")
                .contains("x-linnet-release: mail:canary, checkout:canary\r\n");
        assertThat(getInside("baggage: linnet-release=mail:canary~checkout:primary,a=b"))
                .startsWith("v1")
                .contains("baggage: linnet-release=mail:canary~checkout:primary,a=b\r\n");
    }

    @Test
    void usesThePrimaryAndCountsItWhereAMemberHasNoCanaryNow() {
        releases(100, 0);
        world.endpoints(backend("v2"), List.of());

        assertThat(get("/")).startsWith("v2 > v1");
        assertThat(get("/")).startsWith("v2 > v1").contains("x-linnet-release: checkout:canary");
        assertThat(world.gateway.metrics().text())
                .containsPattern("linnet_release_missed_canaries_total\\{[^}]*namespace=\"shop\"[^}]*"
                        + "release=\"checkout\"[^}]*service=\"backend\"[^}]*} 2");
    }

    @Test
    void drawsForACanaryIngressAsWell() {
        CanarySide canary = new CanarySide(
                new ServiceRef("shop", "frontend", "80").of(Subset.of("v2", Map.of("version", "v2"))),
                new CanarySelector(Optional.empty(), Optional.empty(), new Share(1, 2)),
                new ObjectRef("Ingress", "shop", "frontend-canary"),
                Balancing.UNSAID,
                true,
                Optional.of(new JointRelease("shop", "checkout")));
        releases(0, 0);
        List<Rule> rules = new ArrayList<>(rules(0, 0));
        rules.removeIf(rule -> rule.host().equals(EDGE));
        rules.add(new Rule(
                EDGE,
                new Rule.PathMatch.Prefix("/"),
                new ServiceRef("shop", "frontend", "80").of(Subset.of("v1", Map.of("version", "v1"))),
                List.of(canary),
                new ObjectRef("Ingress", "shop", "frontend"),
                Rule.Limits.DEFAULT));
        world.gateway.routes().install(RouteTable.of(rules));
        serveFrontends("80");

        assertThat(ask(100)).containsOnlyKeys("v1 > v1", "v2 > v2");
    }

    /** Both services in force, with these percents for the second version of each. */
    private void releases(int frontend, int backend) {
        world.gateway.routes().install(RouteTable.of(rules(frontend, backend)));
        world.gateway.routes().workloads(Map.of(ME, Optional.of(new Workload("shop", "frontend", Map.of()))));
        serveFrontends(ServiceRef.FIRST_PORT);
        for (String version : List.of("v1", "v2")) {
            world.serve(
                    backend(version),
                    ScriptedUpstream.answering(head -> ok(version + "\n" + head.toLowerCase(Locale.ROOT))));
        }
    }

    private void serveFrontends(String port) {
        for (String version : List.of("v1", "v2")) {
            world.serve(
                    new ServiceRef("shop", "frontend", port).of(Subset.of(version, Map.of("version", version))),
                    ScriptedUpstream.answering(head -> ok(version + " > " + getInside(linesToPassOn(head)))));
        }
    }

    private String[] linesToPassOn(String head) {
        return head.lines()
                .filter(line -> passedOn.contains(line.split(":", 2)[0].toLowerCase(Locale.ROOT)))
                .toArray(String[]::new);
    }

    private static ServiceRef backend(String version) {
        return new ServiceRef("shop", "backend", "80").of(Subset.of(version, Map.of("version", version)));
    }

    private static List<Rule> rules(int frontend, int backend) {
        String yaml =
                AROUND + service("frontend", EDGE, "edge", frontend) + service("backend", "backend", "mesh", backend);
        IstioObjects objects = new IstioObjects(
                IstioObject.all(ManifestFiles.parse("test.yaml", yaml).istio()));
        List<Rule> rules = new ArrayList<>();
        objects.edge().rules().values().forEach(rules::addAll);
        objects.mesh(List.of(BACKEND)).rules().values().forEach(rules::addAll);
        return rules;
    }

    private static String service(String name, String host, String gateway, int canary) {
        return SERVICE.replace("NAME", name)
                .replace("HOST", host)
                .replace("GATEWAY", gateway)
                .replace("PRIMARY", String.valueOf(100 - canary))
                .replace("CANARY", String.valueOf(canary));
    }

    private Map<String, Integer> ask(int times) {
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            answers.merge(get("/").lines().findFirst().orElse(""), 1, Integer::sum);
        }
        return answers;
    }

    /** At the edge: the versions that were met, and the backend's head. */
    private String get(String target, String... headers) {
        return get(world.gateway.httpAddress(), target, headers);
    }

    private String getInside(String... headers) {
        return get(inside, "/", headers);
    }

    private static String get(InetSocketAddress address, String target, String... headers) {
        try (Conversation client = Conversation.with(address)) {
            return client.get(EDGE, target, headers).body();
        }
    }
}
