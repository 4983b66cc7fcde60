package dev.linnet.cli.explain;

import dev.linnet.cli.UserError;
import dev.linnet.manifests.Manifests;
import dev.linnet.manifests.Mistake;
import dev.linnet.manifests.Translation;
import dev.linnet.manifests.endpoints.EndpointResolver;
import dev.linnet.manifests.endpoints.EndpointResolver.Resolution;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.manifests.endpoints.SliceReading;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.manifests.ingress.IngressTranslator;
import dev.linnet.manifests.ingress.Surroundings;
import dev.linnet.routing.Availability;
import dev.linnet.routing.ServiceRef;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The objects that decide, from files or from a cluster.
 *
 * @param translation rules and problems of all Ingresses that are ours
 * @param available   which Services can serve
 * @param pods        where Pods are
 */
record World(Translation translation, Availability available, Pods pods) {

    /** Finds the address of a Pod; none if there is no such Pod, or if it has none yet. */
    @FunctionalInterface
    interface Pods {
        Optional<String> addressOf(String namespace, String name);
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
        return new World(
                translation,
                manifests.endpointSlices().isEmpty()
                        ? _ -> true
                        : availability(manifests.services(), manifests.endpointSlices()),
                (namespace, name) -> address(manifests, namespace, name));
    }

    /** As the Pod itself says, or an EndpointSlice that names it. */
    private static Optional<String> address(Manifests manifests, String namespace, String name) {
        Optional<String> own = manifests.pods().stream()
                .filter(pod -> pod.getMetadata().getNamespace().equals(namespace)
                        && pod.getMetadata().getName().equals(name))
                .flatMap(pod -> Stream.ofNullable(pod.<String>get("status", "podIP")))
                .findFirst();
        return own.or(() -> manifests.endpointSlices().stream()
                .filter(slice -> slice.getMetadata().getNamespace().equals(namespace))
                .flatMap(slice -> slice.getEndpoints().stream())
                .filter(endpoint -> endpoint.getTargetRef() != null
                        && "Pod".equals(endpoint.getTargetRef().getKind())
                        && name.equals(endpoint.getTargetRef().getName()))
                .flatMap(endpoint -> endpoint.getAddresses().stream())
                .findFirst());
    }

    static World ofCluster(KubernetesClient client) {
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
                availability(
                        client.services().inAnyNamespace().list().getItems(),
                        client.discovery()
                                .v1()
                                .endpointSlices()
                                .inAnyNamespace()
                                .list()
                                .getItems()),
                (namespace, name) -> Optional.ofNullable(client.pods()
                                .inNamespace(namespace)
                                .withName(name)
                                .get())
                        .flatMap(pod -> Optional.ofNullable(pod.getStatus()))
                        .flatMap(status -> Optional.ofNullable(status.getPodIP())));
    }

    private static Translation translate(
            Collection<Ingress> ingresses, Collection<IngressClass> classes, Surroundings surroundings) {
        return IngressTranslator.translate(ingresses, classes, settings(classes), surroundings);
    }

    /** With no IngressClass at hand, class-less Ingresses are ours too: files for a local cluster seldom name one. */
    private static ClassSettings settings(Collection<IngressClass> classes) {
        return classes.isEmpty() ? ClassSettings.DEFAULT.watchIngressWithoutClass() : ClassSettings.DEFAULT;
    }

    private static Availability availability(Collection<Service> services, Collection<EndpointSlice> slices) {
        Map<ServiceName, ServiceReading> byName = new HashMap<>();
        services.stream().map(ServiceReading::of).forEach(service -> byName.put(service.name(), service));
        Map<ServiceName, List<SliceReading>> byService = slices.stream()
                .map(SliceReading::of)
                .flatMap(Optional::stream)
                .collect(Collectors.groupingBy(SliceReading::service));
        return ref -> hasEndpoints(ref, byName, byService);
    }

    private static boolean hasEndpoints(
            ServiceRef ref, Map<ServiceName, ServiceReading> services, Map<ServiceName, List<SliceReading>> slices) {
        ServiceName name = ServiceName.of(ref);
        Resolution found = EndpointResolver.resolve(
                ref, Optional.ofNullable(services.get(name)), slices.getOrDefault(name, List.of()));
        return found.external().isPresent() || !found.endpoints().isEmpty(); // names are not looked up here
    }
}
