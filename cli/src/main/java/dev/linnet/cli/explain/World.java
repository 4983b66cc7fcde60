package dev.linnet.cli.explain;

import dev.linnet.cli.GatewayApiInCluster;
import dev.linnet.cli.IstioInCluster;
import dev.linnet.cli.UserError;
import dev.linnet.manifests.Door;
import dev.linnet.manifests.Manifests;
import dev.linnet.manifests.Mistake;
import dev.linnet.manifests.Translation;
import dev.linnet.manifests.endpoints.EndpointResolver;
import dev.linnet.manifests.endpoints.EndpointResolver.Resolution;
import dev.linnet.manifests.endpoints.PodReading;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.manifests.endpoints.SliceReading;
import dev.linnet.manifests.gatewayapi.GatewayApi;
import dev.linnet.manifests.gatewayapi.GatewayApiObject;
import dev.linnet.manifests.gatewayapi.ListedObjects;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.manifests.ingress.IngressTranslator;
import dev.linnet.manifests.ingress.Surroundings;
import dev.linnet.manifests.istio.IstioObject;
import dev.linnet.manifests.istio.IstioObjects;
import dev.linnet.manifests.istio.ServicePort;
import dev.linnet.manifests.mesh.Twin;
import dev.linnet.routing.Availability;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Workload;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The objects that decide, from files or from a cluster.
 *
 * @param translation rules and problems of all Ingresses that are ours
 * @param istio       what Istio's objects say
 * @param gatewayApi  what Gateway API's objects say
 * @param namespaces  labels of those that are known
 * @param services    by name; none if the files hold none
 * @param available   which Services can serve
 * @param pods        who and where Pods are
 */
record World(
        Translation translation,
        IstioObjects istio,
        GatewayApi gatewayApi,
        Map<String, Map<String, String>> namespaces,
        Map<ServiceName, ServiceReading> services,
        Availability available,
        Pods pods) {

    /** Finds a Pod; without addresses if it has none yet. */
    @FunctionalInterface
    interface Pods {
        Optional<PodReading> find(String namespace, String name);
    }

    /**
     * What is there for requests from outside.
     *
     * @param rules all of them, those that are asked in their order first
     * @param doors the ports beside the usual ones at which something else is served
     */
    record Outside(List<Rule> rules, Set<Integer> doors) {}

    Outside outside() {
        GatewayApi.Compiled gateways = gatewayApi.edge(new ListedObjects(services, namespaces));
        List<Rule> ofGateways =
                gateways.rules().values().stream().flatMap(List::stream).toList();
        List<Rule> rules = Stream.of(
                        istio.edge().rules().values().stream().flatMap(List::stream),
                        ofGateways.stream().filter(Rule::isOrdered),
                        translation.rules().stream(),
                        ofGateways.stream().filter(rule -> !rule.isOrdered()))
                .flatMap(some -> some)
                .toList();
        Set<Integer> doors = Stream.concat(istio.doors().stream(), gateways.doors().stream())
                .map(Door::port)
                .collect(Collectors.toSet());
        return new Outside(rules, doors);
    }

    /** All rules for requests of callers inside the cluster to a port of a Service, in the order in which they are asked. */
    List<Rule> rules(ServicePort port) {
        ListedObjects view = new ListedObjects(services, namespaces);
        return Stream.of(
                        gatewayApi.mesh(List.of(port), view).rules(),
                        istio.mesh(List.of(port)).rules())
                .flatMap(rules -> rules.values().stream())
                .flatMap(List::stream)
                .toList();
    }

    /** The port of a Service that a host means to Pods of a namespace, as cluster DNS would have it. */
    Optional<ServicePort> inside(String namespace, String host, int port) {
        String name = host.replaceFirst("\\.svc(\\.cluster\\.local)?\\.?$", "");
        int dot = name.indexOf('.');
        ServiceName service = dot < 0
                ? new ServiceName(namespace, name)
                : new ServiceName(name.substring(dot + 1), name.substring(0, dot));
        boolean isOne = services.containsKey(service) || (services.isEmpty() && (dot < 0 || host.contains(".svc")));
        return isOne ? Optional.of(new ServicePort(service.namespace(), service.name(), port)) : Optional.empty();
    }

    /** Files seldom hold EndpointSlices: without any, every Service is taken to have endpoints. */
    static World ofFiles(Manifests manifests) {
        if (!manifests.mistakes().isEmpty()) {
            throw new UserError(manifests.mistakes().stream()
                    .map(Mistake::toString)
                    .collect(Collectors.joining("\n        ", "the files have mistakes:\n        ", "")));
        }
        // Without its IngressClass in the files, a class name that ingress-nginx usually has is taken at its word.
        Translation translation =
                translate(manifests.ingresses(), manifests.ingressClasses(), Surroundings.of(manifests.configMaps()));
        Map<ServiceName, ServiceReading> services = ServiceReading.byName(manifests.services());
        Pods pods = (namespace, name) -> pod(manifests, namespace, name);
        return new World(
                translation,
                new IstioObjects(IstioObject.all(manifests.istio())),
                GatewayApi.ofFiles(GatewayApiObject.all(manifests.gatewayApi())),
                Map.of(),
                services,
                manifests.endpointSlices().isEmpty()
                        ? _ -> true
                        : availability(services, manifests.endpointSlices(), pods),
                pods);
    }

    private static Optional<PodReading> pod(Manifests manifests, String namespace, String name) {
        Optional<Workload> workload = manifests.pods().stream()
                .map(GenericKubernetesResource::getMetadata)
                .filter(meta ->
                        meta.getNamespace().equals(namespace) && meta.getName().equals(name))
                .map(meta -> new Workload(
                        namespace, name, Optional.ofNullable(meta.getLabels()).orElseGet(Map::of)))
                .findFirst();
        Optional<String> address = address(manifests, namespace, name);
        return workload.isEmpty() && address.isEmpty()
                ? Optional.empty()
                : Optional.of(new PodReading(
                        workload.orElse(Workload.UNKNOWN), address.stream().toList()));
    }

    /** As the Pod itself says, or an EndpointSlice that says that it is ready. */
    private static Optional<String> address(Manifests manifests, String namespace, String name) {
        Optional<String> own = manifests.pods().stream()
                .filter(pod -> pod.getMetadata().getNamespace().equals(namespace)
                        && pod.getMetadata().getName().equals(name))
                .flatMap(pod -> Stream.ofNullable(pod.<String>get("status", "podIP")))
                .findFirst();
        return own.or(() -> SliceReading.all(manifests.endpointSlices()).stream()
                .flatMap(slice -> slice.ready().stream())
                .filter(address -> address.pod().equals(namespace + "/" + name))
                .map(SliceReading.Address::ip)
                .findFirst());
    }

    static World ofCluster(KubernetesClient client) {
        Map<ServiceName, ServiceReading> services =
                ServiceReading.byName(client.services().inAnyNamespace().list().getItems());
        Pods pods = (namespace, name) -> Optional.ofNullable(
                        client.pods().inNamespace(namespace).withName(name).get())
                .map(PodReading::of);
        return new World(
                translate(
                        client.network()
                                .v1()
                                .ingresses()
                                .inAnyNamespace()
                                .list()
                                .getItems(),
                        client.network().v1().ingressClasses().list().getItems(),
                        Surroundings.of(
                                client.configMaps().inAnyNamespace().list().getItems())),
                IstioInCluster.read(client),
                new GatewayApi(GatewayApiInCluster.objects(client)),
                GatewayApiInCluster.namespaces(client),
                services,
                availability(
                        services,
                        client.discovery()
                                .v1()
                                .endpointSlices()
                                .inAnyNamespace()
                                .list()
                                .getItems(),
                        pods),
                pods);
    }

    private static Translation translate(
            Collection<Ingress> ingresses, Collection<IngressClass> classes, Surroundings surroundings) {
        return IngressTranslator.translate(ingresses, classes, settings(classes), surroundings);
    }

    /** With no IngressClass at hand, class-less Ingresses are ours too: files for a local cluster seldom name one. */
    private static ClassSettings settings(Collection<IngressClass> classes) {
        return classes.isEmpty() ? ClassSettings.DEFAULT.watchIngressWithoutClass() : ClassSettings.DEFAULT;
    }

    private static Availability availability(
            Map<ServiceName, ServiceReading> services, Collection<EndpointSlice> slices, Pods pods) {
        Map<ServiceName, List<SliceReading>> byService =
                SliceReading.all(slices).stream().collect(Collectors.groupingBy(SliceReading::service));
        return ref -> hasEndpoints(ref, services, byService, pods);
    }

    private static boolean hasEndpoints(
            ServiceRef ref,
            Map<ServiceName, ServiceReading> services,
            Map<ServiceName, List<SliceReading>> slices,
            Pods pods) {
        if (ref.isHost()) {
            return !ref.namespace().isEmpty(); // what is outside of the cluster is not looked up here
        }
        ServiceName name = ServiceName.of(ref);
        ServiceName twin = new ServiceName(name.namespace(), Twin.name(name.name()));
        Resolution all = EndpointResolver.resolve(
                ref,
                Optional.ofNullable(services.get(name)),
                services.containsKey(twin) && slices.containsKey(twin)
                        ? slices.getOrDefault(twin, List.of())
                        : slices.getOrDefault(name, List.of()));
        Resolution found =
                ref.subset().isAll() ? all : all.only(endpoint -> ref.subset().takes(labels(endpoint.pod(), pods)));
        return found.external().isPresent() || !found.endpoints().isEmpty(); // names are not looked up here
    }

    private static Map<String, String> labels(String pod, Pods pods) {
        int slash = pod.indexOf('/');
        return slash < 0
                ? Map.of()
                : pods.find(pod.substring(0, slash), pod.substring(slash + 1))
                        .map(found -> found.workload().labels())
                        .orElseGet(Map::of);
    }
}
