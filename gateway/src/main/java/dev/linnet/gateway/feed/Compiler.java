package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.IngressIndex.HostChange;
import dev.linnet.gateway.tls.CertificateTable;
import dev.linnet.gateway.tls.ClientTls;
import dev.linnet.gateway.tls.ServerTls;
import dev.linnet.gateway.tls.TlsTables;
import dev.linnet.manifests.Door;
import dev.linnet.manifests.endpoints.GatewayServices;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.gatewayapi.GatewayApiObject;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.manifests.ingress.GlobalOptions;
import dev.linnet.manifests.istio.ServicePort;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.Secret;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.AddressRanges;
import dev.linnet.routing.policy.CallerOptions;
import dev.linnet.routing.policy.GlobalPolicy;
import dev.linnet.routing.policy.Upstream.Trust;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Turns changes of objects into changes of routes and endpoints, in proportion. Used by one thread. */
final class Compiler {
    /** Who refers to the default certificate's Secret. */
    private static final ObjectRef DEFAULT_CERTIFICATE = new ObjectRef("Flag", "", "--default-ssl-certificate");

    /**
     * Inside the cluster nobody should notice the gateway: who has asked first stays known, whoever has passed the request on, and no header
     * is dropped for its name. Rules go by the address of the connection, which no header can forge.
     */
    private static final GlobalPolicy INSIDE = GlobalPolicy.DEFAULT.withCallers(new CallerOptions(
            true,
            false,
            AddressRanges.parse("0.0.0.0/0,::/0").orElseThrow(),
            CallerOptions.FORWARDED_FOR,
            true,
            false,
            CallerOptions.DEFAULT.proxyHeader(),
            new CallerOptions.HeaderOptions(false, true, true, true, List.of())));

    /** Who shares rate limits. */
    static final ServiceName GATEWAYS = new ServiceName("linnet-system", GatewayServices.EDGE);

    private final ConfigMapIndex configMaps;
    private final SecretIndex secrets = new SecretIndex();
    private final IngressIndex ingresses;
    private final Function<String, List<String>> addresses;
    private final Faults faults = new Faults();
    private final PodIndex pods = new PodIndex();
    private final EndpointIndex endpoints = new EndpointIndex(faults, pods::labels);
    private final IstioIndex istio;
    private final GatewayApiIndex gatewayApi;
    private final Optional<String> mesh;
    private final Optional<String> own;
    private MeshPorts ports = MeshPorts.NONE;

    /** All that it has ever served inside: callers may still have connections when a port is given up. */
    private final Set<ServicePort> served = new HashSet<>();

    private final KeyRing keys = new KeyRing(secrets);
    private final TlsIndex tls;
    private final TrustIndex trusts = new TrustIndex(keys, faults);
    private TlsTables tables = TlsTables.FAKE;
    private final Set<ObjectRef> touchedConfigMaps = new LinkedHashSet<>();
    private final Backends backends = new Backends();
    private final PolicyIndex policies = new PolicyIndex(secrets, trusts);

    Compiler(ClassSettings classes) {
        this(FeedSettings.of(classes));
    }

    Compiler(FeedSettings settings) {
        this(settings, _ -> List.of());
    }

    /** @param addresses what is known of names outside of the cluster */
    Compiler(FeedSettings settings, Function<String, List<String>> addresses) {
        this.addresses = addresses;
        this.mesh = settings.mesh();
        this.own = settings.pod();
        this.istio = new IstioIndex(mesh, secrets);
        this.gatewayApi = new GatewayApiIndex(mesh.isPresent(), secrets, endpoints::service, this::objection);
        this.configMaps = new ConfigMapIndex(settings.configMap());
        this.ingresses = new IngressIndex(settings.classes(), configMaps, secrets);
        this.tls = new TlsIndex(keys, settings.certificate(), tables.certificates(), InstantSource.system(), faults);
        secrets.use(
                DEFAULT_CERTIFICATE,
                Set.of(),
                settings.certificate().map(Set::of).orElseGet(Set::of));
        settings.defaultBackend().ifPresent(backend -> endpoints.rulesChanged(List.of(), List.of(otherwise(backend))));
    }

    /** What is done with requests that no other rule is for. */
    static Rule otherwise(ServiceRef backend) {
        return new Rule(
                "",
                new PathMatch.Prefix("/"),
                backend,
                List.of(),
                new ObjectRef("Service", backend.namespace(), backend.name()),
                Rule.Limits.DEFAULT);
    }

    /** The names outside of the cluster to which routes lead. */
    Set<String> names() {
        return endpoints.names();
    }

    void take(Change change) {
        Change.Key key = change.key();
        switch (change) {
            case Change.OfIngress ingress ->
                ingresses.put(new ObjectRef("Ingress", key.namespace(), key.name()), ingress.now());
            case Change.OfIngressClass ingressClass -> ingresses.putClass(key.name(), ingressClass.now());
            case Change.OfService service -> {
                ServiceName name = new ServiceName(key.namespace(), key.name());
                endpoints.putService(name, service.now());
                backends.serviceChanged(name);
                gatewayApi.serviceChanged(name);
            }
            case Change.OfEndpointSlice slice -> endpoints.putSlice(key, slice.now());
            case Change.OfConfigMap configMap when mesh.isPresent() -> takePorts(mesh.get(), configMap);
            case Change.OfConfigMap configMap ->
                take(new ObjectRef("ConfigMap", key.namespace(), key.name()), configMap.now());
            case Change.OfIstio object ->
                istio.put(new ObjectRef(key.kind(), key.namespace(), key.name()), object.now());
            case Change.OfGatewayApi object ->
                gatewayApi.put(new ObjectRef(key.kind(), key.namespace(), key.name()), object.now());
            case Change.OfNamespace namespace -> gatewayApi.putNamespace(key.name(), namespace.now());
            case Change.OfPod pod -> {
                String name = key.namespace() + "/" + key.name();
                if (pods.put(name, pod.now())) {
                    endpoints.podsChanged(key.namespace());
                    own.filter(name::equals).ifPresent(_ -> istio.isLabelled(pods.labels(name)));
                }
            }
            case Change.OfSecretVersion secret ->
                secrets.noticed(new SecretRef(key.namespace(), key.name()), secret.version());
            case Change.OfSecret secret -> secrets.put(secret.secret(), secret.reading());
            case Change.OfName(String host) -> endpoints.putName(host);
            case Change.AllListed _ -> {}
        }
    }

    private void takePorts(String namespace, Change.OfConfigMap change) {
        if (!change.key().name().equals(MeshPorts.CONFIG_MAP)) {
            return;
        }
        ports = change.now()
                .map(configMap -> MeshPorts.of(
                        namespace, Optional.ofNullable(configMap.getData()).orElseGet(Map::of)))
                .orElse(MeshPorts.NONE);
        served.addAll(ports.hosts().values());
        istio.serve(Set.copyOf(served));
        gatewayApi.serve(Set.copyOf(served));
    }

    /** Where to listen beside the usual ports, as far as rules are compiled. Of two protocols that are wanted at one port, Istio's Gateways'. */
    Set<Listen> listens() {
        Set<Listen> inside = new HashSet<>();
        ports.hosts().forEach((port, service) -> inside.add(new Listen(port, service.ruleHost(), false)));
        Map<Integer, Door> doors = new HashMap<>();
        Stream.concat(istio.doors().stream(), gatewayApi.doors().stream())
                .forEach(door -> doors.putIfAbsent(door.port(), door));
        doors.values().forEach(door -> inside.add(new Listen(door.portOfPods(), door.suffix(), door.secure())));
        return inside;
    }

    private void take(ObjectRef object, Optional<ConfigMap> now) {
        GlobalOptions before = configMaps.options();
        boolean different = configMaps.put(object, now);
        touchedConfigMaps.add(object);
        if (!speaksAlike(before.gateway(), policy())) {
            tls.speak(ServerTls.fake(policy().tls(), policy().clients().http2().on()));
        }
        if (!configMaps.options().saysTheSameOfIngresses(before)) {
            ingresses.optionsChanged();
        } else if (different) {
            ingresses.configMapChanged(object);
        }
    }

    private static boolean speaksAlike(GlobalPolicy one, GlobalPolicy other) {
        return one.tls().equals(other.tls())
                && one.clients().http2().on() == other.clients().http2().on();
    }

    /** The ConfigMaps that somebody names, beside the one of global options. */
    Set<ObjectRef> named() {
        Set<ObjectRef> named = new HashSet<>(ingresses.references());
        named.addAll(configMaps.references());
        configMaps.keep(named);
        named.removeIf(configMaps::isGlobal);
        return named;
    }

    /** How many gateways are ready, as far as anybody knows. */
    int readyGateways() {
        return endpoints.ready(GATEWAYS);
    }

    GlobalPolicy policy() {
        return mesh.isPresent() ? INSIDE : configMaps.options().gateway();
    }

    /** The Secrets that must be read, or read again, before all is known. */
    Set<SecretRef> takeSecretsToRead() {
        return secrets.takeToRead();
    }

    boolean uses(SecretRef secret) {
        return secrets.isUsed(secret);
    }

    Update compile() {
        Update update = new Update();
        compile(update);
        return update;
    }

    /**
     * Works out what is different.
     *
     * @param update what is owed since before: nothing of it is lost, whatever happens meanwhile
     */
    void compile(Update update) {
        List<HostChange> changes = new ArrayList<>(ingresses.merge());
        changes.addAll(istio.merge());
        endpoints.putHosts(istio.outside()).forEach(backends::serviceChanged);
        Set<SecretRef> different = secrets.changed();
        different.forEach(keys::forget); // what Gateways say of their certificates is of this moment
        gatewayApi.secretsChanged(different);
        changes.addAll(gatewayApi.merge());
        for (HostChange change : changes) {
            update.hosts().put(change.host(), rules(change.host()));
            faults.done("host", change.host(), _ -> rulesChanged(change));
        }
        update.policies().putAll(policies.resolve(istio.policies(), endpoints));
        update.workloads().putAll(pods.takeAddresses());
        update.pods().putAll(pods.takePods());
        Set<String> secured = new LinkedHashSet<>(ingresses.takeTls().keySet());
        secured.addAll(istio.takeTls());
        secured.addAll(gatewayApi.takeTls());
        secured.forEach(host -> tls.hostChanged(
                host, ingresses.tls(host).or(() -> istio.tls(host)).or(() -> gatewayApi.tls(host))));
        Map<SecretRef, Optional<Secret<Map<String, byte[]>>>> changedSecrets = secrets.takeChanged();
        update.secrets().putAll(changedSecrets);
        changedSecrets.keySet().forEach(this::secretChanged);
        resolveTls().ifPresent(update::secure);
        EndpointIndex.Changes changed = endpoints.resolve(addresses);
        changed.endpoints().keySet().forEach(ref -> backends.serviceChanged(ServiceName.of(ref)));
        update.lead(changed.endpoints(), changed.schedulers(), endpoints.takeUnused());
        update.touched().addAll(takeTouched());
    }

    /**
     * Rules that are asked in their order, then those that go by their path: of two for one path the first counts. Inside the cluster
     * HTTPRoutes of a Service, where it has any, leave nothing to its VirtualServices.
     */
    private List<Rule> rules(String host) {
        List<Rule> ofGateways = gatewayApi.rules(host);
        if (mesh.isPresent()) {
            return Stream.concat(ofGateways.stream(), istio.rules(host).stream())
                    .toList();
        }
        return Stream.of(
                        istio.rules(host).stream(),
                        ofGateways.stream().filter(Rule::isOrdered),
                        ingresses.rules(host).stream(),
                        ofGateways.stream().filter(rule -> !rule.isOrdered()))
                .flatMap(rules -> rules)
                .toList();
    }

    private Optional<String> objection(SecretRef certificate) {
        return Optional.of(keys.certificate(certificate).objection()).filter(words -> !words.isEmpty());
    }

    private void rulesChanged(HostChange change) {
        endpoints.rulesChanged(change.before(), change.after());
        trusts.rulesChanged(change.before(), change.after());
        backends.rulesChanged(change.before(), change.after());
    }

    private Set<ObjectRef> takeTouched() {
        Set<ObjectRef> touched = new LinkedHashSet<>(ingresses.takeTouched());
        touched.addAll(istio.takeTouched());
        touched.addAll(gatewayApi.takeTouched());
        touched.addAll(endpoints.takeTouched());
        touched.addAll(touchedConfigMaps);
        touchedConfigMaps.clear();
        touched.addAll(backends.takeTouched());
        touched.addAll(tls.takeTouched());
        touched.addAll(trusts.takeTouched());
        return touched;
    }

    /** Does something for a host. */
    void done(String host, Runnable step) {
        faults.done("host", host, _ -> step.run());
    }

    /** Whether something could not be worked out since the last call, and is to be tried again. */
    boolean takeFaults() {
        return faults.take();
    }

    private void secretChanged(SecretRef secret) {
        keys.forget(secret);
        tls.secretChanged(secret);
        trusts.secretChanged(secret);
    }

    private Optional<TlsTables> resolveTls() {
        Optional<CertificateTable> certificates = tls.resolve();
        Optional<Map<Trust, ClientTls>> trusted = trusts.resolve();
        if (certificates.isEmpty() && trusted.isEmpty()) {
            return Optional.empty();
        }
        tables = new TlsTables(
                certificates.orElse(tables.certificates()), tls.authorities(), trusted.orElse(tables.trusts()));
        return Optional.of(tables);
    }

    /** The object as it is obeyed; empty if it has no part in routing, or is a Service without problems. */
    Optional<FollowedObject> followed(ObjectRef object) {
        return switch (object.kind()) {
            case "Ingress" -> ingress(object);
            case "ConfigMap" -> configMaps.followed(object);
            case "VirtualService", "DestinationRule", "Gateway", "ServiceEntry" ->
                istio.followed(object)
                        .map(found -> found.withMore(backends.problems(object, endpoints::lack))
                                .withMore(trusts.problems(object))
                                .withMore(tls.problems(object, istio.hosts(object))));
            case GatewayApiObject.GATEWAY, GatewayApiObject.GATEWAY_CLASS, GatewayApiObject.HTTP_ROUTE ->
                gatewayApi
                        .followed(object)
                        .map(found -> found.withMore(backends.problems(object, endpoints::lack))
                                .withMore(tls.problems(object, gatewayApi.securedHosts())));
            default -> endpoints.followed(object);
        };
    }

    private Optional<FollowedObject> ingress(ObjectRef object) {
        return ingresses
                .followed(object)
                .map(found -> found.withMore(tls.problems(object, ingresses.hosts(object)))
                        .withMore(trusts.problems(object))
                        .withMore(backends.problems(object, endpoints::lack))
                        .lacking(backends.lack(object, endpoints::lack)));
    }

    Optional<String> applied(ObjectRef object) {
        return switch (object.kind()) {
            case "ConfigMap" -> configMaps.applied(object);
            case "VirtualService", "DestinationRule", "Gateway", "ServiceEntry" -> istio.applied(object);
            case GatewayApiObject.GATEWAY, GatewayApiObject.GATEWAY_CLASS, GatewayApiObject.HTTP_ROUTE ->
                gatewayApi.applied(object);
            default -> ingresses.applied(object);
        };
    }
}
