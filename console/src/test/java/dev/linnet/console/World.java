package dev.linnet.console;

import com.sun.net.httpserver.HttpServer;
import dev.linnet.apiserver.ApiServer;
import dev.linnet.apiserver.ApiServerSettings;
import dev.linnet.console.access.OneTimeKey;
import dev.linnet.console.access.Owner;
import dev.linnet.console.access.Person;
import dev.linnet.console.oidc.OidcSettings;
import dev.linnet.console.traffic.Gateways;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** An API with Canaries, a gateway that says what the test wants, and a console that has the rights of deploy/console.yaml. */
final class World implements AutoCloseable {
    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final ResourceDefinitionContext CANARIES = kind("flagger.app", "v1beta1", "Canary", "canaries");
    private static final ResourceDefinitionContext RUNS = kind("linnet.dev", "v1alpha1", "Run", "runs");

    private final ApiServer api;
    private final KubernetesClient admin;
    private final KubernetesClient own;
    private final HttpServer gateway;
    private final Map<String, String> gatewaySays = new ConcurrentHashMap<>();
    private final Map<String, String> gatewayInsideSays = new ConcurrentHashMap<>();
    private final Set<String> gatewayWasShown = ConcurrentHashMap.newKeySet();
    private final Path numbersToken;
    private final Path secret;
    private final Optional<OidcServer> provider;
    private final Optional<TrustingApi> trusting;
    private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
    private final OneTimeKey key = new OneTimeKey(_ -> {});
    private final Console console;

    World(Path directory) throws IOException {
        this(directory, false);
    }

    /** One with a provider that people can sign in with. */
    static World withProvider(Path directory) throws IOException {
        return new World(directory, true);
    }

    private World(Path directory, boolean withProvider) throws IOException {
        this.api = ApiServer.start(
                new ApiServerSettings(ANYWHERE, directory, true, "127.77.128.0/17", "kubelet", InstantSource.system()));
        Config config = Config.fromKubeconfig(api.kubeconfig().toFile());
        this.admin = open(config);
        for (String file : List.of("gateway", "flagger-crds", "controller", "console")) {
            apply(Files.readString(Path.of("..", "deploy", file + ".yaml")));
        }
        for (String namespace : List.of("test", "other")) {
            apply("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + namespace);
        }
        this.gateway = HttpServer.create(ANYWHERE, 16);
        gateway.createContext("/", exchange -> {
            String shown = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            gatewayWasShown.add(shown);
            String path = exchange.getRequestURI().getPath();
            String said = (shown.equals("null") ? gatewaySays : gatewayInsideSays).get(path);
            byte[] body = (said == null ? "" : said).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(said == null ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        gateway.start();
        this.numbersToken = Files.writeString(directory.resolve("numbers-token"), "only-for-numbers\n");
        this.provider = withProvider ? Optional.of(new OidcServer(this::now)) : Optional.empty();
        this.trusting = withProvider ? Optional.of(new TrustingApi(config, provider())) : Optional.empty();
        this.secret = Files.writeString(directory.resolve("client-secret"), "s3cret\n");
        Config reached = with(config, token("linnet-system", "linnet-console"));
        trusting.ifPresent(before -> reached.setMasterUrl(before.address().toString()));
        this.own = open(reached);
        this.console = Console.start(own, settings());
    }

    private ConsoleSettings settings() {
        URI numbers = URI.create("http://127.0.0.1:" + gateway.getAddress().getPort());
        Person person = new Person("ann", admin, false);
        return new ConsoleSettings(
                ANYWHERE,
                0,
                new Gateways.Where("linnet-system", List.of(numbers), Optional.of(numbersToken)),
                Optional.of(new Owner(person, key)),
                provider.map(known -> new OidcSettings(
                        known.issuer(),
                        OidcServer.CLIENT,
                        Optional.of(secret),
                        List.of("openid", "email"),
                        URI.create("https://console.example.com/"))),
                false,
                "nginx",
                this::now);
    }

    private Instant now() {
        return Instant.now().plus(passed.get());
    }

    OidcServer provider() {
        return provider.orElseThrow();
    }

    TrustingApi api() {
        return trusting.orElseThrow();
    }

    private static KubernetesClient open(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config).withOnlyHttpWatches(true).build())
                .build();
    }

    private static Config with(Config config, String token) {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(config.getMasterUrl())
                .withCaCertData(config.getCaCertData())
                .withCaCertFile(config.getCaCertFile())
                .withOauthToken(token)
                .build();
    }

    private static ResourceDefinitionContext kind(String group, String version, String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    void apply(String manifests) {
        try (InputStream in = new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8))) {
            for (HasMetadata object : admin.load(in).items()) {
                admin.resource(object).fieldManager("test").forceConflicts().serverSideApply();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e); // memory does not fail
        }
    }

    String token(String namespace, String account) {
        return token(namespace, account, List.of());
    }

    /** @param audiences whom it is for; empty for the API */
    String token(String namespace, String account, List<String> audiences) {
        TokenRequest request = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(audiences)
                .endSpec()
                .build();
        return admin.serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    /** A token of somebody whom these ClusterRoles are given to in namespace {@code test}. */
    String tokenOf(String name, String... roles) {
        admin.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace("test")
                        .endMetadata()
                        .build())
                .create();
        for (String role : roles) {
            apply("""
                    apiVersion: rbac.authorization.k8s.io/v1
                    kind: RoleBinding
                    metadata: {name: %s-%s, namespace: test}
                    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %s}
                    subjects: [{kind: ServiceAccount, name: %s, namespace: test}]
                    """.formatted(name, role, role, name));
        }
        return token("test", name);
    }

    /** A Canary that takes steps of 20 % up to 60 %. */
    void canary(String namespace, String name) {
        canary(namespace, name, "nginx");
    }

    void canary(String namespace, String name, String provider) {
        apply("""
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: %s, namespace: %s}
                spec:
                  provider: %s
                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: %s}
                  ingressRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: %s}
                  service: {port: 80}
                  analysis:
                    interval: 10s
                    threshold: 5
                    maxWeight: 60
                    stepWeight: 20
                    metrics:
                      - {name: request-success-rate, thresholdRange: {min: 99}, interval: 1m}
                """.formatted(name, namespace, provider, name, name));
    }

    void status(String namespace, String name, String json) {
        admin.genericKubernetesResources(CANARIES)
                .inNamespace(namespace)
                .withName(name)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + json + "}");
    }

    void run(String namespace, String canary, int number, String statusJson) {
        apply("""
                apiVersion: linnet.dev/v1alpha1
                kind: Run
                metadata: {name: %s-%d, namespace: %s, labels: {linnet.dev/canary: %s}}
                spec: {canary: %s, number: %d}
                """.formatted(canary, number, namespace, canary, canary, number));
        admin.genericKubernetesResources(RUNS)
                .inNamespace(namespace)
                .withName(canary + "-" + number)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + statusJson + "}");
    }

    /** An Event, as the controller writes them. */
    void says(String namespace, String canary, String id, String text) {
        apply("""
                apiVersion: v1
                kind: Event
                metadata: {name: %s.1a.%s, namespace: %s}
                involvedObject: {apiVersion: flagger.app/v1beta1, kind: Canary, name: %s, namespace: %s}
                reason: Synced
                type: Normal
                message: "%s"
                firstTimestamp: "2026-01-01T00:00:00Z"
                lastTimestamp: "2026-01-01T00:00:00Z"
                """.formatted(canary, id, namespace, canary, namespace, text));
    }

    /** What the Canary's annotation asks for; empty if nothing was asked for. */
    String action(String namespace, String name) {
        GenericKubernetesResource canary = admin.genericKubernetesResources(CANARIES)
                .inNamespace(namespace)
                .withName(name)
                .get();
        Map<String, String> annotations = canary.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault("linnet.dev/action", "");
    }

    void gatewaySays(String path, String json) {
        gatewaySays.put(path, json);
    }

    /** What it says as the one inside a namespace. */
    void gatewayInsideSays(String path, String json) {
        gatewayInsideSays.put(path, json);
    }

    /** The tokens that came with requests to the gateway; {@code null} for none. */
    Set<String> gatewayWasShown() {
        return gatewayWasShown;
    }

    /** The gateway serves inside this namespace, too. */
    void gatewayServesInside(String namespace) {
        apply("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: linnet-mesh-metrics-1, namespace: %s, labels: {kubernetes.io/service-name: linnet-mesh-metrics}}
                addressType: IPv4
                endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}}]
                ports: [{name: metrics, port: %d}]
                """.formatted(namespace, gateway.getAddress().getPort()));
    }

    void passes(Duration duration) {
        passed.updateAndGet(before -> before.plus(duration));
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + console.address().getPort());
    }

    String key() {
        return key.current();
    }

    Browser browser() {
        return new Browser(address());
    }

    /** A browser whose person came by the link. */
    Browser owner() {
        Browser browser = browser();
        browser.get("/login?key=" + key());
        return browser;
    }

    @Override
    public void close() {
        console.close();
        own.close();
        trusting.ifPresent(TrustingApi::close);
        provider.ifPresent(OidcServer::close);
        gateway.stop(0);
        admin.close();
        api.close();
    }
}
