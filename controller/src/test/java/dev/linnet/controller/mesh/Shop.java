package dev.linnet.controller.mesh;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A namespace that has opted in, with a Service, and what a cluster does for it: it starts gateways, which listen, and finds endpoints. */
final class Shop implements AutoCloseable {
    private static final String REAL_POD = "127.93.7.2";

    private final KubernetesClient client;
    private final String namespace;
    private final String gateway;
    private final List<ServerSocket> listening = new ArrayList<>();

    /**
     * Opens it.
     *
     * @param client  that may do everything
     * @param gateway address of its own gateways
     */
    Shop(KubernetesClient client, String namespace, String gateway) {
        this.client = client;
        this.namespace = namespace;
        this.gateway = gateway;
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .addToLabels("linnet.dev/mesh", "true")
                        .endMetadata()
                        .build())
                .create();
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("default")
                        .endMetadata()
                        .build())
                .create();
        client.resource(service()).create();
        putSlice("back", REAL_POD);
    }

    private Service service() {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("back")
                .addToLabels("app", "back")
                .addToAnnotations("team", "a")
                .endMetadata()
                .withNewSpec()
                .withSelector(Map.of("app", "back"))
                .withPorts(new ServicePortBuilder()
                        .withName("http")
                        .withPort(80)
                        .withTargetPort(new IntOrString("http"))
                        .build())
                .endSpec()
                .build();
    }

    String namespace() {
        return namespace;
    }

    List<Service> services() {
        return client.services().inNamespace(namespace).list().getItems();
    }

    Surroundings surroundings() {
        return new Surroundings(
                Optional.of(client.namespaces().withName(namespace).get().getMetadata()),
                client.network()
                        .v1()
                        .networkPolicies()
                        .inNamespace(namespace)
                        .list()
                        .getItems(),
                Optional.empty());
    }

    Service live(String name) {
        return client.services().inNamespace(namespace).withName(name).require();
    }

    void edits(Consumer<ServiceBuilder> change) {
        client.services().inNamespace(namespace).withName("back").edit(service -> {
            ServiceBuilder builder = new ServiceBuilder(service);
            change.accept(builder);
            return builder.build();
        });
    }

    /** Somebody applies the original, or another one. */
    void selects(Map<String, String> selector) {
        edits(service -> service.editSpec().withSelector(selector).endSpec());
    }

    void optsOut() {
        isLabelled(labels -> labels.remove("linnet.dev/mesh"));
    }

    /** Somebody changes the labels of the namespace. */
    void isLabelled(Consumer<Map<String, String>> change) {
        client.namespaces().withName(namespace).edit(found -> {
            change.accept(found.getMetadata().getLabels());
            return found;
        });
    }

    boolean isTaken() {
        return "linnet-mesh".equals(live("back").getSpec().getSelector().get("app"));
    }

    /** Whether nothing of ours is left. */
    boolean isLeft() {
        return !isTaken() && kinds().noneMatch(name -> name.contains("linnet"));
    }

    /** All objects that a controller of ours could have made, by kind and name. */
    private Stream<String> kinds() {
        return Stream.of(
                        client.services().inNamespace(namespace).list(),
                        client.configMaps().inNamespace(namespace).list(),
                        client.serviceAccounts().inNamespace(namespace).list(),
                        client.apps().deployments().inNamespace(namespace).list(),
                        client.rbac().roles().inNamespace(namespace).list(),
                        client.rbac().roleBindings().inNamespace(namespace).list(),
                        client.policy()
                                .v1()
                                .podDisruptionBudget()
                                .inNamespace(namespace)
                                .list())
                .flatMap(list -> list.getItems().stream())
                .map(HasMetadata.class::cast)
                .map(object -> object.getKind() + " " + object.getMetadata().getName())
                .sorted();
    }

    /** What is there, and what the Service says. */
    String state() {
        Service back = live("back");
        return String.join(
                "\n",
                String.join(", ", kinds().toList()),
                String.valueOf(back.getSpec().getSelector()),
                String.valueOf(back.getSpec().getPorts()),
                String.valueOf(back.getMetadata().getLabels()),
                String.valueOf(back.getMetadata().getAnnotations()),
                back.getStatus() == null
                        ? ""
                        : Objects.requireNonNullElse(back.getStatus().getConditions(), List.<Condition>of()).stream()
                                .map(condition -> condition.getType() + " " + condition.getStatus() + " "
                                        + condition.getMessage())
                                .toList()
                                .toString());
    }

    /** Whether a request to the Service would meet somebody at this moment, who knows the way. */
    boolean serves() {
        Map<String, String> selector = live("back").getSpec().getSelector();
        if (selector.equals(Map.of("app", "back"))) {
            return true;
        }
        boolean gateways = client.pods().inNamespace(namespace).withLabels(selector).list().getItems().stream()
                .anyMatch(pod -> pod.getMetadata().getDeletionTimestamp() == null);
        boolean listens = live("back").getSpec().getPorts().stream()
                .allMatch(port -> listening.stream()
                        .anyMatch(socket -> port.getTargetPort().getIntVal() != null
                                && socket.getLocalPort() == port.getTargetPort().getIntVal()));
        Service twin =
                client.services().inNamespace(namespace).withName("back-linnet").get();
        return gateways
                && listens
                && twin != null
                && twin.getSpec().getSelector().equals(Map.of("app", "back"));
    }

    /** Starts Pods, which listen, and finds endpoints. */
    void followsAsTheClusterWould() {
        Deployment deployment = client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName("linnet-mesh")
                .get();
        if (deployment == null) {
            client.pods()
                    .inNamespace(namespace)
                    .withLabel("linnet.dev/mesh-gateway")
                    .delete();
        } else {
            startGateway(deployment.getSpec().getTemplate().getMetadata().getLabels());
        }
        for (Service service : services()) {
            boolean toGateway = service.getSpec().getSelector().containsValue("linnet-mesh");
            if (!"linnet-mesh-metrics".equals(service.getMetadata().getName())) {
                putSlice(service.getMetadata().getName(), toGateway ? gateway : REAL_POD);
            }
        }
    }

    private void startGateway(Map<String, String> labels) {
        Pod pod = pod("linnet-mesh-" + Integer.toHexString(labels.hashCode()), labels);
        if (client.resource(pod).get() == null) {
            client.resource(pod).create();
            client.pods()
                    .inNamespace(namespace)
                    .withName(pod.getMetadata().getName())
                    .editStatus(made -> new PodBuilder(made)
                            .withNewStatus()
                            .withPhase("Running")
                            .withPodIP(gateway)
                            .addNewPodIP(gateway)
                            .addNewCondition()
                            .withType("Ready")
                            .withStatus("True")
                            .endCondition()
                            .endStatus()
                            .build());
        }
        Map<String, String> ports = Optional.ofNullable(client.configMaps()
                        .inNamespace(namespace)
                        .withName("linnet-mesh")
                        .get())
                .map(configMap -> configMap.getData())
                .orElseGet(HashMap::new);
        ports.values().forEach(port -> listen(Integer.parseInt(port)));
    }

    private void listen(int port) {
        if (listening.stream().noneMatch(socket -> socket.getLocalPort() == port)) {
            try {
                listening.add(new ServerSocket(port, 16, InetAddress.ofLiteral(gateway)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    Pod pod(String name, Map<String, String> labels) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .withImage("linnet")
                .endContainer()
                .endSpec()
                .build();
    }

    private void putSlice(String service, String address) {
        var slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(service + "-1")
                .addToLabels("kubernetes.io/service-name", service)
                .endMetadata()
                .withAddressType("IPv4")
                .withEndpoints(new EndpointBuilder().withAddresses(address).build())
                .build();
        if (client.resource(slice).get() == null) {
            client.resource(slice).create();
        } else {
            client.resource(slice).update();
        }
    }

    @Override
    public void close() {
        for (ServerSocket socket : listening) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
