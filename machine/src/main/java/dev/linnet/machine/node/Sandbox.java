package dev.linnet.machine.node;

import dev.linnet.machine.BuiltInImage;
import dev.linnet.machine.address.LowPorts;
import dev.linnet.machine.node.probe.Check;
import dev.linnet.machine.node.spec.DownwardApi;
import dev.linnet.machine.node.spec.Environment;
import dev.linnet.machine.node.spec.Expansion;
import dev.linnet.machine.node.spec.ImageName;
import dev.linnet.machine.node.spec.MissingReference;
import dev.linnet.machine.node.spec.PodPorts;
import dev.linnet.machine.node.spec.References;
import dev.linnet.machine.node.spec.ServiceEnvironment;
import dev.linnet.machine.node.spec.Volumes;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the containers of one Pod share: address, ports, volumes and what they know of themselves. */
final class Sandbox {

    private final Surroundings surroundings;
    private final Surroundings.Home home;
    private final PodRecord record;
    private final InetAddress address;
    private final References references;

    Sandbox(Surroundings surroundings, Surroundings.Home home, PodRecord record, InetAddress address) {
        this.surroundings = surroundings;
        this.home = home;
        this.record = record;
        this.address = address;
        this.references = new ApiReferences(surroundings.client(), record.key().namespace());
    }

    Surroundings surroundings() {
        return surroundings;
    }

    Surroundings.Home home() {
        return home;
    }

    PodRecord record() {
        return record;
    }

    InetAddress address() {
        return address;
    }

    private LowPorts lowPorts() {
        return surroundings.addresses().lowPorts();
    }

    /** containerPort to the port that is really listened on. */
    Map<Integer, Integer> ports() {
        return PodPorts.of(record.pod(), lowPorts());
    }

    Volumes volumes() {
        return new Volumes(surroundings.folder(record.uid()).resolve("volumes"), references, self());
    }

    private DownwardApi self() {
        return new DownwardApi(
                record.pod(), address.getHostAddress(), home.address().getHostAddress(), LocalNode.SIZE);
    }

    Check.Target target(Container container) {
        return new Check.Target(container, address.getHostAddress(), lowPorts());
    }

    /**
     * What a container is given.
     *
     * @throws MissingReference when something that it names is not there yet
     */
    BuiltInImage.Context context(Container container, OutputStream log) throws MissingReference, IOException {
        Map<String, String> environment = new Environment(references, self()).of(container, given());
        return new BuiltInImage.Context(
                record.key().namespace(),
                record.key().name(),
                container.getName(),
                container.getImage(),
                ImageName.parse(container.getImage()).tag(),
                address,
                ports(),
                environment,
                expanded(container.getCommand(), environment),
                expanded(container.getArgs(), environment),
                volumes().mounts(container, environment),
                surroundings.settings().kubeconfig(),
                log);
    }

    private Map<String, String> given() {
        Pod pod = record.pod();
        boolean links = !Boolean.FALSE.equals(pod.getSpec().getEnableServiceLinks());
        Map<String, String> given = new LinkedHashMap<>(ServiceEnvironment.of(
                record.key().namespace(), links, surroundings.services().all(), lowPorts()));
        given.put(
                "HOSTNAME",
                Objects.requireNonNullElse(
                        pod.getSpec().getHostname(), record.key().name()));
        given.put("KUBECONFIG", surroundings.settings().kubeconfig().toString());
        return given;
    }

    private static List<String> expanded(List<String> words, Map<String, String> environment) {
        return words.stream().map(word -> Expansion.expand(word, environment)).toList();
    }
}
