package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.linnet.controller.api.Canary;
import dev.linnet.controller.api.Run;
import dev.linnet.rollout.step.Message;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * One release in a namespace of its own: its users, its Pods, its data plane, its time, and the controller that runs it. A controller that dies
 * is followed by another one.
 */
final class Scene implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final int MOST_MOMENTS = 2_000;

    private final KubernetesClient client;
    private final String namespace;
    private final MadeTime time = new MadeTime();
    private final FrontApi front;
    private final SimulatedPods pods;
    private final SimulatedGateway gateway;
    private final SequencedSet<String> heard = new LinkedHashSet<>();
    private String canary = "podinfo";
    private int controllers;
    private Optional<SimulatedKnative> knative = Optional.empty();
    private Optional<Pilot> pilot = Optional.empty();
    private Canary cached = new Canary();

    Scene(ReleaseCluster cluster, String namespace) {
        this.client = cluster.client();
        this.namespace = namespace;
        this.front = new FrontApi(cluster.api());
        this.pods = new SimulatedPods(client, namespace, time);
        this.gateway = new SimulatedGateway(client, namespace, pods, time);
        front.afterWrite(call -> gateway.look(call.toString()));
        cached.setMetadata(new ObjectMetaBuilder()
                .withName(canary)
                .withNamespace(namespace)
                .build());
    }

    String namespace() {
        return namespace;
    }

    KubernetesClient client() {
        return client;
    }

    MadeTime time() {
        return time;
    }

    FrontApi front() {
        return front;
    }

    SimulatedPods pods() {
        return pods;
    }

    SimulatedGateway gateway() {
        return gateway;
    }

    /** Knative serves, and not we: it is its users who are looked after. */
    SimulatedKnative runsKnative() {
        SimulatedKnative runs = new SimulatedKnative(client, namespace);
        front.afterWrite(call -> runs.look(call.toString()));
        knative = Optional.of(runs);
        return runs;
    }

    /** Lets everything that is not the controller do what is due; whether there was anything. */
    boolean settle() {
        boolean served = knative.map(SimulatedKnative::settle).orElse(false);
        return pods.settle() || served;
    }

    /** The scene is about a Canary of another name. */
    void isAbout(String name) {
        canary = name;
        cached.getMetadata().setName(name);
    }

    /** The Canary as an informer would hand it to the controller, also after it has gone. */
    Canary cached() {
        canary().ifPresent(live -> cached = live);
        return cached;
    }

    Optional<Canary> canary() {
        return Optional.ofNullable(client.resources(Canary.class)
                .inNamespace(namespace)
                .withName(canary)
                .get());
    }

    void applies(String... manifests) {
        for (String manifest : manifests) {
            for (HasMetadata object : client.load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
                    .items()) {
                object.getMetadata().setNamespace(namespace);
                client.resource(object).forceConflicts().serverSideApply();
            }
        }
        wakes();
    }

    void setsImage(String image) {
        client.apps().deployments().inNamespace(namespace).withName("podinfo").edit(deployment -> {
            deployment
                    .getSpec()
                    .getTemplate()
                    .getSpec()
                    .getContainers()
                    .getFirst()
                    .setImage(image);
            return deployment;
        });
        wakes();
    }

    void annotatesCanary(String key, String value) {
        client.resources(Canary.class).inNamespace(namespace).withName(canary).edit(live -> {
            Map<String, String> marks = new TreeMap<>(
                    Objects.requireNonNullElse(live.getMetadata().getAnnotations(), Map.<String, String>of()));
            marks.put(key, value);
            live.getMetadata().setAnnotations(marks);
            return live;
        });
        wakes();
    }

    void wakes() {
        pilot.ifPresent(Pilot::wakes);
    }

    /** The controller that acts now; a new one after the last has died. */
    Pilot pilot() {
        if (pilot.isPresent() && !front.isCutOff()) {
            return pilot.get();
        }
        pilot.ifPresent(Pilot::close);
        front.mend();
        Pilot next = newController();
        pilot = Optional.of(next);
        return next;
    }

    /** Another controller process, which the test drives itself. */
    Pilot newController() {
        return new Pilot(this, "controller-" + ++controllers);
    }

    /** The controller's process ends, and another one starts. */
    void controllerIsReplaced() {
        pilot.ifPresent(Pilot::close);
        pilot = Optional.empty();
    }

    int controllers() {
        return controllers;
    }

    /** Lets things happen until something is so. */
    void until(String what, BooleanSupplier condition) {
        Instant end = time.instant().plus(PATIENCE);
        int moments = 0;
        while (!condition.getAsBoolean()) {
            if (time.instant().isAfter(end) || ++moments > MOST_MOMENTS) {
                throw new AssertionError("waits in vain until " + what + ":\n" + end());
            }
            moment();
        }
    }

    private void moment() {
        try {
            pilot().moment();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void untilPhase(String phase) {
        until(phase, () -> phase().equals(phase));
    }

    /** Lets some time pass, in which the controller does what it does. */
    void passes(Duration duration) {
        Instant end = time.instant().plus(duration);
        until(duration + " have passed", () -> !time.instant().isBefore(end));
    }

    JsonNode status() {
        return canary().map(Canary::getStatus).orElse(MissingNode.getInstance());
    }

    String phase() {
        return status().path("phase").asText("");
    }

    int weight() {
        return status().path("canaryWeight").asInt();
    }

    Optional<Deployment> deployment(String name) {
        return Optional.ofNullable(client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .get());
    }

    String image(String deployment) {
        return deployment(deployment)
                .map(live -> live.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getImage())
                .orElse("");
    }

    int replicas(String deployment) {
        return deployment(deployment).map(live -> live.getSpec().getReplicas()).orElse(-1);
    }

    Service service(String name) {
        return client.services().inNamespace(namespace).withName(name).require();
    }

    Map<String, String> ingressAnnotations(String name) {
        return client.network()
                .v1()
                .ingresses()
                .inNamespace(namespace)
                .withName(name)
                .require()
                .getMetadata()
                .getAnnotations();
    }

    /** Texts of the Canary's Events, in the order in which they were decided; complaints, which are no step of a release, left out. */
    List<String> events() {
        return eventObjects()
                .filter(event -> !isComplaint(event))
                .map(Event::getMessage)
                .toList();
    }

    List<String> complaints() {
        return eventObjects().filter(Scene::isComplaint).map(Event::getMessage).toList();
    }

    private Stream<Event> eventObjects() {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getKind().equals("Canary"))
                .sorted(Comparator.comparing(Scene::order));
    }

    /** {@code <canary>.<hash>.<run>-<number>}. */
    private static String order(Event event) {
        String id = id(event);
        String[] parts = id.split("-", -1);
        return parts.length == 2 ? "%5s-%5s".formatted(parts[0], parts[1]) : "~" + id;
    }

    private static String id(Event event) {
        String name = event.getMetadata().getName();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static boolean isComplaint(Event event) {
        return id(event).startsWith("e");
    }

    void hears(Message message) {
        if (message instanceof Message.Alert alert) {
            heard.add(alert.id() + " " + alert.severity() + ": " + alert.text());
        }
    }

    /** Alerts, each once. */
    List<String> alerts() {
        return List.copyOf(heard);
    }

    List<Run> runs() {
        return client
                .resources(Run.class)
                .inNamespace(namespace)
                .withLabel(Run.CANARY, canary)
                .list()
                .getItems()
                .stream()
                .sorted(Comparator.comparingInt(
                        run -> run.getSpec().path("number").asInt()))
                .toList();
    }

    /** Whether the last run has ended and nothing that it had to say is left. */
    boolean isAllTold() {
        try {
            JsonNode record =
                    JSON.readTree(runs().getLast().getStatus().path("record").asText());
            return record.path("pending").isEmpty()
                    && record.at("/run/stage").asText().equals("OPEN");
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** Nobody has lost a request, at no moment. */
    void nobodyLostARequest() {
        assertThat(gateway.lost()).isEmpty();
    }

    /** All that is left, without times and versions of objects. */
    String end() {
        List<String> lines = new ArrayList<>();
        JsonNode status = status();
        for (String field :
                List.of("phase", "canaryWeight", "iterations", "failedChecks", "lastAppliedSpec", "lastPromotedSpec")) {
            lines.add(field + ": " + status.path(field).asText());
        }
        lines.add(
                "promoted: " + status.path("conditions").path(0).path("status").asText());
        for (Deployment deployment :
                client.apps().deployments().inNamespace(namespace).list().getItems()) {
            String name = deployment.getMetadata().getName();
            lines.add("deployment " + name + ": " + replicas(name) + " of " + image(name));
        }
        for (Service service : client.services().inNamespace(namespace).list().getItems()) {
            lines.add("service " + service.getMetadata().getName() + ": "
                    + service.getSpec().getSelector());
        }
        client.network()
                .v1()
                .ingresses()
                .inNamespace(namespace)
                .list()
                .getItems()
                .forEach(ingress -> lines.add("ingress " + ingress.getMetadata().getName() + ": "
                        + new TreeMap<>(Objects.requireNonNullElse(
                                ingress.getMetadata().getAnnotations(), Map.<String, String>of()))));
        gateway.route().ifPresent(route -> lines.add("route: " + withoutCookies(route, status)));
        for (Run run : runs()) {
            JsonNode ran = run.getStatus();
            lines.add("run " + run.getSpec().path("number") + ": "
                    + (ran == null
                            ? ""
                            : ran.path("phase").asText() + " "
                                    + ran.path("ending").asText()));
        }
        // Whether Pods were seen before they were ready, and what was measured exactly, depends on the moment.
        events().stream()
                .filter(event -> !event.contains(" not ready: waiting"))
                .forEach(event -> lines.add("event: " + event.replaceAll("\\d+\\.\\d+%", "N%")));
        alerts().forEach(alert -> lines.add("alert: " + alert.substring(alert.indexOf(' ') + 1)));
        return String.join("\n", lines).replace(namespace, "NS");
    }

    /** Their letters follow from the namespace, which is another one each time. */
    private static String withoutCookies(JsonNode route, JsonNode status) {
        String text = route.path("http").toString();
        for (String field :
                List.of("sessionAffinityCookie", "previousSessionAffinityCookie", "primarySessionAffinityCookie")) {
            String cookie = status.path(field).asText("");
            text = cookie.isEmpty() ? text : text.replace(cookie, field);
        }
        return text;
    }

    @Override
    public void close() {
        pilot.ifPresent(Pilot::close);
        gateway.close();
        front.close();
    }
}
