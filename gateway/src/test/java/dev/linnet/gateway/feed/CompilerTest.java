package dev.linnet.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.Translation;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.manifests.ingress.IngressTranslator;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CompilerTest {
    private static final String SHOP = "shop.example.com";
    private static final ServiceRef WEB = new ServiceRef("shop", "web", "80");
    private static final ObjectRef WEB_INGRESS = new ObjectRef("Ingress", "shop", "web");

    private final Compiler compiler = new Compiler(ClassSettings.DEFAULT);

    @BeforeEach
    void knowsTheClass() {
        take(Shop.ingressClass());
        compiler.compile();
    }

    @Test
    void compilesOnlyTheHostsThatAChangeTouches() {
        take(Shop.ingress("web", SHOP, "web"));
        take(Shop.ingress("other", "other.example.com", "other"));
        assertThat(compiler.compile().hosts()).containsOnlyKeys(SHOP, "other.example.com");

        take(Shop.canary("web-canary", SHOP, "web-v2", "10"));

        Update update = compiler.compile();
        assertThat(update.hosts()).containsOnlyKeys(SHOP);
        assertThat(shares(update, SHOP)).containsExactly(new Share(10, 100));
    }

    @Test
    void compilesTheHostsOfTheOldAndOfTheNewVersion() {
        take(Shop.ingress("web", SHOP, "web"));
        compiler.compile();

        take(Shop.ingress("web", "new.example.com", "web"));

        Update update = compiler.compile();
        assertThat(update.hosts()).containsOnlyKeys(SHOP, "new.example.com");
        assertThat(update.hosts().get(SHOP)).isEmpty();
        assertThat(update.unused()).isEmpty();
    }

    @Test
    void compilesTheOtherNamesOfAHostWithIt() {
        String alias = "nginx.ingress.kubernetes.io/server-alias";
        take(Shop.annotated(Shop.ingress("web", SHOP, "web"), Map.of(alias, "a.example.com")));
        assertThat(compiler.compile().hosts()).containsOnlyKeys(SHOP, "a.example.com");

        take(Shop.canary("web-canary", SHOP, "web-v2", "10"));
        assertThat(shares(compiler.compile(), "a.example.com")).containsExactly(new Share(10, 100));

        take(Shop.ingress("own", "a.example.com", "own"));
        Update update = compiler.compile();
        assertThat(update.hosts()).containsOnlyKeys("a.example.com");
        assertThat(compiler.followed(WEB_INGRESS).orElseThrow().problems())
                .extracting(Problem::reason)
                .contains(Problem.Reason.ROUTE_TAKEN);
    }

    @Test
    void leavesTheTableAloneWhenAChangeChangesNothing() {
        take(Shop.version(Shop.ingress("web", SHOP, "web"), 1));
        compiler.compile();

        take(Shop.version(Shop.ingress("web", SHOP, "web"), 2));

        assertThat(compiler.compile().hosts()).isEmpty();
        assertThat(compiler.applied(WEB_INGRESS)).contains("2");
    }

    @Test
    void removesWhatIsDeleted() {
        take(Shop.ingress("web", SHOP, "web"));
        take(Shop.service("web"));
        take(Shop.slice("web-1", "web", "10.0.0.1"));
        compiler.compile();

        compiler.take(new Change.OfIngress(new Change.Key("Ingress", "shop", "web"), Optional.empty()));

        Update update = compiler.compile();
        assertThat(update.hosts()).isEqualTo(Map.of(SHOP, List.of()));
        assertThat(update.unused()).isEqualTo(Map.of(WEB, List.of()));
        assertThat(update.touched()).containsExactly(WEB_INGRESS);
        assertThat(compiler.followed(WEB_INGRESS)).isEmpty();
        assertThat(compiler.applied(WEB_INGRESS)).isEmpty();
    }

    @Test
    void takesIngressesInAndOutWithTheirClass() {
        take(Shop.ingress("web", SHOP, "web"));
        assertThat(compiler.compile().hosts().get(SHOP)).hasSize(1);

        take(Shop.ingressClass("example.com/other"));
        assertThat(compiler.compile().hosts().get(SHOP)).isEmpty();
        assertThat(compiler.followed(WEB_INGRESS)).isEmpty();

        take(Shop.ingressClass("linnet.dev/gateway"));
        assertThat(compiler.compile().hosts().get(SHOP)).hasSize(1);

        compiler.take(new Change.OfIngressClass(new Change.Key("IngressClass", "", "nginx"), Optional.empty()));
        assertThat(compiler.compile().hosts().get(SHOP)).isEmpty();
    }

    @Test
    void attachesACanaryWhoseRouteComesLater() {
        take(Shop.service("web-v2"));
        take(Shop.slice("web-v2-1", "web-v2", "10.0.0.2"));
        take(Shop.canary("web-canary", SHOP, "web-v2", "10"));
        compiler.compile();
        ObjectRef canary = new ObjectRef("Ingress", "shop", "web-canary");
        assertThat(compiler.followed(canary).orElseThrow().problems())
                .extracting(Problem::reason)
                .containsExactly(Problem.Reason.CANARY_NOT_ATTACHED);

        take(Shop.ingress("web", SHOP, "web"));

        Update update = compiler.compile();
        assertThat(shares(update, SHOP)).hasSize(1);
        assertThat(update.touched()).contains(canary);
        assertThat(compiler.followed(canary).orElseThrow().problems()).isEmpty();
    }

    @Test
    void keepsTheLastGoodRulesOfAnObjectThatCannotBeRead() {
        take(Shop.version(Shop.ingress("web", SHOP, "web"), 1));
        take(Shop.canary("web-canary", SHOP, "web-v2", "10"));
        take(Shop.service("web"));
        take(Shop.slice("web-1", "web", "10.0.0.1"));
        compiler.compile();

        take(unreadable(Shop.version(Shop.ingress("web", SHOP, "web"), 2)));

        assertThat(compiler.compile().hosts()).isEmpty();
        assertThat(compiler.applied(WEB_INGRESS)).contains("1");
        assertThat(compiler.followed(WEB_INGRESS).orElseThrow().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("its last good version stays in force"));
    }

    private static Ingress unreadable(Ingress ingress) {
        Ingress broken = new IngressBuilder(ingress).build();
        broken.getSpec().getRules().add(null);
        return broken;
    }

    @Test
    void givesEndpointsWithTheirFirstRouteAndWithEachChange() {
        take(Shop.service("web"));
        take(Shop.slice("web-1", "web", "10.0.0.1"));
        assertThat(compiler.compile().endpoints()).isEmpty();

        take(Shop.ingress("web", SHOP, "web"));
        assertThat(compiler.compile().endpoints()).isEqualTo(Map.of(WEB, List.of(new Endpoint("10.0.0.1", 8080, ""))));

        take(Shop.slice("web-1", "web", "10.0.0.2", "10.0.0.1"));
        Update update = compiler.compile();
        assertThat(update.hosts()).isEmpty();
        assertThat(update.endpoints())
                .isEqualTo(
                        Map.of(WEB, List.of(new Endpoint("10.0.0.1", 8080, ""), new Endpoint("10.0.0.2", 8080, ""))));

        take(Shop.slice("web-1", "web", "10.0.0.1", "10.0.0.2"));
        assertThat(compiler.compile().endpoints()).isEmpty();
    }

    @Test
    void losesNothingWhenOneThingCannotBeWorkedOut() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Compiler fragile = new Compiler(FeedSettings.of(ClassSettings.DEFAULT), _ -> {
            if (broken.get()) {
                throw new IllegalStateException("a bug of ours");
            }
            return List.of("10.0.0.9");
        });
        Service outside = Shop.service("outside");
        outside.getSpec().setType("ExternalName");
        outside.getSpec().setExternalName("outside.example.com");
        List.<Change>of(
                        new Change.OfIngressClass(
                                new Change.Key("IngressClass", "", "nginx"), Optional.of(Shop.ingressClass())),
                        change(Shop.service("web")),
                        change(outside),
                        change(Shop.ingress("web", SHOP, "web")),
                        change(Shop.ingress("out", "out.example.com", "outside")))
                .forEach(fragile::take);
        fragile.take(new Change.OfEndpointSlice(
                new Change.Key("EndpointSlice", "shop", "web-1"), Optional.of(Shop.slice("web-1", "web", "10.0.0.1"))));

        Update update = new Update();
        fragile.compile(update);

        assertThat(fragile.takeFaults()).isTrue();
        assertThat(update.hosts()).containsOnlyKeys(SHOP, "out.example.com");
        assertThat(update.endpoints()).containsOnlyKeys(new ServiceRef("shop", "web", "80"));

        broken.set(false);
        fragile.compile(update);

        assertThat(fragile.takeFaults()).isFalse();
        assertThat(update.hosts()).containsOnlyKeys(SHOP, "out.example.com");
        assertThat(update.endpoints())
                .containsOnlyKeys(new ServiceRef("shop", "web", "80"), new ServiceRef("shop", "outside", "80"));
    }

    private static Change change(Service service) {
        return new Change.OfService(
                new Change.Key("Service", "shop", service.getMetadata().getName()), Optional.of(service));
    }

    private static Change change(Ingress ingress) {
        return new Change.OfIngress(
                new Change.Key("Ingress", "shop", ingress.getMetadata().getName()), Optional.of(ingress));
    }

    @Test
    void addsUpTheSlicesOfAServiceAndFollowsOneThatChangesItsService() {
        take(Shop.ingress("web", SHOP, "web"));
        take(Shop.service("web"));
        take(Shop.slice("web-1", "web", "10.0.0.1"));
        take(Shop.slice("web-2", "web", "10.0.0.2"));
        assertThat(compiler.compile().endpoints().get(WEB)).hasSize(2);

        take(Shop.slice("web-2", "other", "10.0.0.2"));
        assertThat(compiler.compile().endpoints().get(WEB)).hasSize(1);

        compiler.take(new Change.OfEndpointSlice(new Change.Key("EndpointSlice", "shop", "web-1"), Optional.empty()));
        assertThat(compiler.compile().endpoints().get(WEB)).isEmpty();
    }

    @Test
    void tellsTheServiceThatLacksAPort() {
        take(Shop.ingress("web", SHOP, "web"));
        Service service = Shop.service("web");
        service.getSpec().getPorts().getFirst().setPort(81);
        take(service);

        Update update = compiler.compile();

        ObjectRef object = new ObjectRef("Service", "shop", "web");
        assertThat(update.touched()).contains(object);
        assertThat(compiler.followed(object).orElseThrow().problems())
                .extracting(Problem::reason)
                .containsExactly(Problem.Reason.BAD_SERVICE);

        take(Shop.service("web"));
        assertThat(compiler.compile().touched()).contains(object);
        assertThat(compiler.followed(object)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void reachesByManyChangesWhatATranslationOfEverythingGives(long seed) {
        Random random = new Random(seed);
        Map<String, Ingress> world = new TreeMap<>();
        Map<String, List<Rule>> table = new TreeMap<>();
        Set<ServiceRef> known = new HashSet<>();
        for (int step = 0; step < 300; step++) {
            change(random, world);
            if (random.nextInt(3) == 0) {
                Update update = compiler.compile();
                update.hosts().forEach((host, rules) -> replace(table, host, rules));
                known.addAll(update.endpoints().keySet());
                known.removeAll(update.unused().keySet());
                assertThat(rules(table)).isEqualTo(translation(world).rules());
                assertThat(known).isEqualTo(backends(table));
            }
        }
        compiler.compile();
        assertThat(problems(world))
                .containsExactlyInAnyOrderElementsOf(translation(world).problems());
    }

    private void change(Random random, Map<String, Ingress> world) {
        String name = "i" + random.nextInt(8);
        if (random.nextInt(4) == 0) {
            world.remove(name);
            compiler.take(new Change.OfIngress(new Change.Key("Ingress", "shop", name), Optional.empty()));
            return;
        }
        String host = "h" + random.nextInt(3) + ".example.com";
        String service = "s" + random.nextInt(4);
        Ingress ingress = random.nextBoolean()
                ? Shop.canary(name, host, service, String.valueOf(random.nextInt(60)))
                : Shop.annotated(Shop.ingress(name, host, service), hostWishes(random));
        world.put(name, ingress);
        take(ingress);
    }

    /** Names that hosts of this test have, or that nobody has: claims are taken, given back and in each other's way. */
    private static Map<String, String> hostWishes(Random random) {
        String alias = (random.nextBoolean() ? "h" : "www.h") + random.nextInt(4) + ".example.com";
        return switch (random.nextInt(6)) {
            case 0, 1 -> Map.of("nginx.ingress.kubernetes.io/server-alias", alias + ",a.example.com");
            case 2 -> Map.of("nginx.ingress.kubernetes.io/from-to-www-redirect", "true");
            case 3 -> Map.of("nginx.ingress.kubernetes.io/use-regex", "true");
            case 4 -> Map.of("nginx.ingress.kubernetes.io/app-root", "/a" + random.nextInt(2));
            default -> Map.of();
        };
    }

    private static void replace(Map<String, List<Rule>> table, String host, List<Rule> rules) {
        if (rules.isEmpty()) {
            table.remove(host);
        } else {
            table.put(host, rules);
        }
    }

    private static List<Rule> rules(Map<String, List<Rule>> table) {
        return table.values().stream().flatMap(List::stream).toList();
    }

    private static Set<ServiceRef> backends(Map<String, List<Rule>> table) {
        Set<ServiceRef> backends = new HashSet<>();
        for (Rule rule : rules(table)) {
            backends.add(rule.primary());
            rule.canaries().forEach(side -> backends.add(side.backend()));
        }
        return backends;
    }

    private static Translation translation(Map<String, Ingress> world) {
        return IngressTranslator.translate(world.values(), List.of(Shop.ingressClass()), ClassSettings.DEFAULT);
    }

    private List<Problem> problems(Map<String, Ingress> world) {
        List<Problem> problems = new ArrayList<>();
        world.keySet()
                .forEach(name -> compiler.followed(new ObjectRef("Ingress", "shop", name))
                        .ifPresent(object -> problems.addAll(object.problems())));
        problems.removeIf(problem -> problem.path().equals("backend")); // the Services, which no translation knows
        return problems;
    }

    private static List<Share> shares(Update update, String host) {
        return Optional.ofNullable(update.hosts().get(host)).orElseThrow().stream()
                .flatMap(rule -> rule.canaries().stream())
                .map(side -> side.selector().share())
                .toList();
    }

    private void take(Ingress ingress) {
        compiler.take(new Change.OfIngress(
                new Change.Key("Ingress", "shop", ingress.getMetadata().getName()), Optional.of(ingress)));
    }

    private void take(IngressClass found) {
        compiler.take(new Change.OfIngressClass(
                new Change.Key("IngressClass", "", found.getMetadata().getName()), Optional.of(found)));
    }

    private void take(Service service) {
        compiler.take(new Change.OfService(
                new Change.Key("Service", "shop", service.getMetadata().getName()), Optional.of(service)));
    }

    private void take(EndpointSlice slice) {
        compiler.take(new Change.OfEndpointSlice(
                new Change.Key("EndpointSlice", "shop", slice.getMetadata().getName()), Optional.of(slice)));
    }
}
