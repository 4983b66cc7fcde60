package dev.linnet.controller.mesh;

import dev.linnet.manifests.mesh.MeshPort;
import dev.linnet.manifests.mesh.Original;
import dev.linnet.manifests.mesh.Refusal;
import dev.linnet.manifests.mesh.Takeover;
import dev.linnet.manifests.mesh.Twin;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads the Services of one namespace to its gateways and gives them back, a step at a time. Where it stands is in the objects alone: after
 * a crash at any step the next look goes on from there. First gateways, ports and twin; the Service last, once they serve; and the other
 * way round on the way back.
 */
final class MeshNamespace {
    private static final Logger log = LoggerFactory.getLogger(MeshNamespace.class);
    private static final PatchContext PATCH = new PatchContext.Builder()
            .withPatchType(PatchType.JSON)
            .withFieldManager("linnet")
            .build();
    private static final int UNPROCESSABLE = 422;
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";

    private final KubernetesClient client;
    private final String namespace;
    private final MeshGateways gateways;
    private final MeshSecrets secrets;
    private final Complaints complaints;
    private final MeshConditions conditions;
    private final Obstacles obstacles;
    private final ForeignEdits edits;
    private boolean mayHaveGateways = true;

    MeshNamespace(
            KubernetesClient client,
            String namespace,
            MeshSettings settings,
            Complaints complaints,
            InstantSource clock) {
        this.client = client;
        this.namespace = namespace;
        this.gateways = new MeshGateways(client, namespace, settings);
        this.secrets = new MeshSecrets(client, namespace, complaints, clock);
        this.complaints = complaints;
        this.conditions = new MeshConditions(client, clock);
        this.obstacles = new Obstacles(client, clock);
        this.edits = new ForeignEdits(clock);
    }

    /**
     * Goes on.
     *
     * @param services all of the namespace
     * @return whether there is something to come back for soon
     */
    boolean settle(Collection<Service> services, Surroundings around) {
        Map<String, Service> twins = twins(services);
        List<Service> plain = services.stream()
                .filter(service -> !Twin.isOne(service) && !isOfTheApi(service))
                .toList();
        Set<String> wanted = wanted(plain, around);
        List<Service> concerned = plain.stream()
                .filter(service -> wanted.contains(service.getMetadata().getName())
                        || Original.kept(service).isPresent()
                        || twins.containsKey(Twin.name(service.getMetadata().getName())))
                .toList();
        forgetOthersThan(plain, around);
        if (concerned.isEmpty()) {
            if (mayHaveGateways && twins.isEmpty()) {
                removeGateways();
            }
            return false;
        }
        mayHaveGateways = true;
        Map<String, String> before = gateways.ports();
        Map<String, String> ports = MeshPort.allocate(before, concerned);
        gateways.ensure(before, ports, keys(concerned));
        around.rules().ifPresent(secrets::grant);
        List<Pod> ready = gateways.ready();
        boolean all = true;
        for (Service service : concerned) {
            String name = service.getMetadata().getName();
            Optional<Service> twin = Optional.ofNullable(twins.get(Twin.name(name)));
            if (wanted.contains(name) && !isMendable(service, twin)) {
                boolean led = lead(service, twin, MeshPort.of(name, ports), ready, around);
                if (led) {
                    conditions.led(service);
                }
                all &= led;
            } else {
                stepBack(service, twin);
                all = false;
            }
        }
        return !all;
    }

    /**
     * Goes on giving back all that is led to gateways, whoever wants it there; then the gateways go.
     *
     * @param services all of the namespace
     * @return names of those that were not as they should be
     */
    List<String> giveBack(Collection<Service> services) {
        Map<String, Service> twins = twins(services);
        List<String> left = new ArrayList<>();
        for (Service service : services) {
            Optional<Service> twin = Optional.ofNullable(
                    twins.get(Twin.name(service.getMetadata().getName())));
            if (Twin.isOne(service) || isOfTheApi(service)) {
                continue;
            }
            if (isOurs(service, twin)) {
                left.add(service.getMetadata().getName());
                stepBack(service, twin);
            } else {
                conditions.unsay(service);
            }
        }
        if (left.isEmpty() && mayHaveGateways) {
            removeGateways();
        }
        return left;
    }

    /** Whether a Service asks to be led to gateways, or shows that it is or was, whatever its namespace says. */
    static boolean isInvolved(Service service) {
        return Takeover.wants(service, Optional.empty())
                || Twin.isOne(service)
                || isOurs(service, Optional.empty())
                || MeshConditions.sayAnything(service);
    }

    private static boolean isOurs(Service service, Optional<Service> twin) {
        return Original.kept(service).isPresent() || twin.isPresent() || Takeover.isSpoiled(service);
    }

    private static Map<String, Service> twins(Collection<Service> services) {
        return services.stream()
                .filter(Twin::isOne)
                .collect(Collectors.toMap(twin -> twin.getMetadata().getName(), twin -> twin));
    }

    /** Names of those that can pass through gateways, and are to. */
    private Set<String> wanted(List<Service> plain, Surroundings around) {
        Set<String> wanted = new HashSet<>();
        for (Service service : plain) {
            if (!Takeover.wants(service, around.meta())) {
                complaints.about(service, Optional.empty());
                edits.forgive(service);
            } else if (isPossible(service, around)) {
                wanted.add(service.getMetadata().getName());
            }
        }
        return wanted;
    }

    private void forgetOthersThan(List<Service> plain, Surroundings around) {
        Set<String> uids =
                plain.stream().map(service -> service.getMetadata().getUid()).collect(Collectors.toSet());
        obstacles.keep(uids);
        conditions.keep(uids);
        plain.stream()
                .filter(service -> !Takeover.wants(service, around.meta())
                        && Original.kept(service).isEmpty())
                .forEach(conditions::unsay);
    }

    /** Nobody has opted in for it, though its namespace may have. */
    private static boolean isOfTheApi(Service service) {
        return "default".equals(service.getMetadata().getNamespace())
                && "kubernetes".equals(service.getMetadata().getName());
    }

    private void removeGateways() {
        if (gateways.areThere()) {
            secrets.revoke();
            gateways.remove();
            log.atInfo().addKeyValue("namespace", namespace).log("Gateways inside the cluster removed");
        }
        mayHaveGateways = false;
    }

    private boolean isPossible(Service service, Surroundings around) {
        Optional<String> refusal =
                Refusal.of(service).or(() -> edits.refusal(service)).or(() -> obstacles.refusal(service, around));
        complaints.about(service, refusal);
        refusal.ifPresent(why -> conditions.refused(service, why));
        return refusal.isEmpty();
    }

    private static Set<String> keys(Collection<Service> services) {
        return services.stream()
                .flatMap(service -> Takeover.wanted(service).selector().keySet().stream())
                .collect(Collectors.toSet());
    }

    /** True once it is led to gateways, of which these are ready. */
    private boolean lead(
            Service service,
            Optional<Service> twin,
            Map<Integer, Integer> ports,
            List<Pod> ready,
            Surroundings around) {
        if (twin.isEmpty()
                || !Takeover.wanted(service)
                        .selector()
                        .equals(twin.get().getSpec().getSelector())) {
            client.resource(Twin.of(service))
                    .fieldManager("linnet")
                    .forceConflicts()
                    .serverSideApply();
            return false;
        }
        Set<Map.Entry<String, String>> selected =
                Takeover.selector(Takeover.wanted(service)).entrySet();
        List<Pod> pods = ready.stream()
                .filter(pod -> pod.getMetadata().getLabels().entrySet().containsAll(selected))
                .toList();
        boolean taken = Original.kept(service).isPresent();
        boolean complete = Takeover.isComplete(service, ports);
        if (complete && !pods.isEmpty()) {
            edits.isLed(service);
            return true;
        }
        if (taken && !complete && edits.areTooMany(service)) {
            return false;
        }
        if (pods.isEmpty()) {
            abandon(service, taken);
            return false;
        }
        boolean serves = MeshGateways.serve(pods, ports.values())
                && !addresses(twin.get().getMetadata().getName()).isEmpty();
        if (serves
                && obstacles.refusalNow(service, around).isEmpty()
                && patch(service, Takeover.patch(service, ports), "Service is led to gateways")) {
            edits.isLed(service);
        }
        return false;
    }

    /** Nobody is there to whom it could be led. */
    private void abandon(Service service, boolean taken) {
        boolean now = taken && patch(service, Takeover.undo(service), "Service is given back: no gateway is left");
        boolean before = !taken && conditions.sayLed(service); // Who gave it back did not come to say so.
        if (now || before) {
            conditions.abandoned(service);
        }
    }

    /** Whether it leads to gateways, and only its twin says what it was. */
    private static boolean isMendable(Service service, Optional<Service> twin) {
        return Takeover.isSpoiled(service) && twin.isPresent();
    }

    private void stepBack(Service service, Optional<Service> twin) {
        if (isMendable(service, twin)) {
            patch(service, Takeover.mend(service, twin.orElseThrow()), "Service says again what it was");
        } else if (Original.kept(service).isPresent()) {
            patch(service, Takeover.undo(service), "Service is given back");
        } else if (twin.isPresent()) {
            Set<String> real = addresses(twin.get().getMetadata().getName());
            if (addresses(service.getMetadata().getName()).containsAll(real)) {
                client.resource(twin.get()).delete();
            }
        }
    }

    private Set<String> addresses(String service) {
        List<String> addresses = new ArrayList<>();
        for (EndpointSlice slice : client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withLabel(SERVICE_LABEL, service)
                .list()
                .getItems()) {
            for (Endpoint endpoint : Optional.ofNullable(slice.getEndpoints()).orElseGet(List::of)) {
                addresses.addAll(Optional.ofNullable(endpoint.getAddresses()).orElseGet(List::of));
            }
        }
        return Set.copyOf(addresses);
    }

    /** Whoever was quicker is right: there will be another look. False if somebody was. */
    private boolean patch(Service service, String patch, String news) {
        try {
            client.services()
                    .inNamespace(namespace)
                    .withName(service.getMetadata().getName())
                    .patch(PATCH, patch);
            log.atInfo()
                    .addKeyValue(
                            "service", namespace + "/" + service.getMetadata().getName())
                    .log(news);
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT && e.getCode() != UNPROCESSABLE) {
                throw e;
            }
            return false;
        }
    }
}
