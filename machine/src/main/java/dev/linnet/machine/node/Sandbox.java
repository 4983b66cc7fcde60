package dev.linnet.machine.node;

import dev.linnet.machine.Image;
import dev.linnet.machine.address.LowPorts;
import dev.linnet.machine.node.probe.Check;
import dev.linnet.machine.node.spec.Confined;
import dev.linnet.machine.node.spec.ContainerFolder;
import dev.linnet.machine.node.spec.DownwardApi;
import dev.linnet.machine.node.spec.Environment;
import dev.linnet.machine.node.spec.Expansion;
import dev.linnet.machine.node.spec.ImageName;
import dev.linnet.machine.node.spec.MissingReference;
import dev.linnet.machine.node.spec.PodPorts;
import dev.linnet.machine.node.spec.ServiceEnvironment;
import dev.linnet.machine.node.spec.Volumes;
import dev.linnet.machine.podproxy.PodProxy;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What the containers of one Pod share: address, ports, volumes, credentials and what they know of themselves. */
final class Sandbox {

    private final Surroundings surroundings;
    private final Surroundings.Home home;
    private final PodRecord record;
    private final PodProxy proxy;
    private final Optional<Credentials> credentials;
    private final ApiReferences references;

    /** @param credentials empty when its containers do not want to speak to the API */
    Sandbox(
            Surroundings surroundings,
            Surroundings.Home home,
            PodRecord record,
            PodProxy proxy,
            Optional<Credentials> credentials) {
        this.surroundings = surroundings;
        this.home = home;
        this.record = record;
        this.proxy = proxy;
        this.credentials = credentials;
        this.references = new ApiReferences(surroundings.client(), record);
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
        return proxy.address().getAddress();
    }

    private LowPorts lowPorts() {
        return surroundings.addresses().lowPorts();
    }

    /** containerPort to the port that is really listened on. */
    Map<Integer, Integer> ports() {
        return PodPorts.of(record.pod(), lowPorts());
    }

    Volumes volumes() {
        return new Volumes(folder().resolve("volumes"), references, self());
    }

    private Path folder() {
        return surroundings.folder(record.uid());
    }

    private DownwardApi self() {
        return new DownwardApi(
                record.pod(), address().getHostAddress(), home.address().getHostAddress(), LocalNode.SIZE);
    }

    /** @param exec how to run commands in the container, where there are commands */
    Check.Target target(Container container, Optional<Image.Exec> exec) {
        return new Check.Target(container, address().getHostAddress(), lowPorts(), exec);
    }

    /**
     * What a container is given; its folder is made anew for it.
     *
     * @throws MissingReference when something that it names is not there yet
     */
    Image.Context context(Container container, OutputStream log) throws MissingReference, IOException {
        Path directory = surroundings.containerFolder(record.uid(), container.getName());
        Path kubeconfig = directory.resolve("kubeconfig");
        Map<String, String> environment = new Environment(references, self()).of(container, given(kubeconfig));
        Map<String, Path> mounts = mounts(container, environment);
        TerminationMessage message = terminationMessage(container);
        Map<String, Path> inFolder = new LinkedHashMap<>(mounts);
        boolean mayTell = inFolder.putIfAbsent(message.path(), message.file()) == null;
        ContainerFolder own = new ContainerFolder(directory, new Confined(folder()));
        own.make(inFolder);
        if (mayTell) {
            message.begin();
        }
        if (credentials.isPresent()) {
            credentials.get().writeKubeconfig(kubeconfig);
        }
        return new Image.Context(
                record.key().namespace(),
                record.key().name(),
                container.getName(),
                container.getImage(),
                ImageName.parse(container.getImage()).tag(),
                address(),
                ports(),
                environment,
                expanded(container.getCommand(), environment),
                expanded(container.getArgs(), environment),
                // At its real path it would take a /dev of the container's own.
                message.isChosen() ? inFolder : mounts,
                directory,
                own.workingDirectory(Objects.requireNonNullElse(container.getWorkingDir(), "")),
                kubeconfig,
                proxy::client,
                log);
    }

    TerminationMessage terminationMessage(Container container) {
        Path directory = surroundings.containerFolder(record.uid(), container.getName());
        return new TerminationMessage(
                container, directory.resolveSibling(directory.getFileName() + ".termination-log"));
    }

    private Map<String, Path> mounts(Container container, Map<String, String> environment)
            throws MissingReference, IOException {
        Map<String, Path> mounts = volumes().mounts(container, environment);
        if (credentials.isPresent() && !isTaken(Credentials.MOUNT_PATH, container)) {
            Path files = folder().resolve("serviceaccount");
            credentials.get().writeFiles(files);
            mounts.put(Credentials.MOUNT_PATH, files);
        }
        return mounts;
    }

    /** Whether somebody mounts something of his own there. */
    private boolean isTaken(String path, Container container) {
        return container.getVolumeMounts().stream()
                .filter(mount -> mount.getMountPath().equals(path))
                .anyMatch(mount -> madeVolumes().stream()
                        .anyMatch(volume -> volume.getName().equals(mount.getName())));
    }

    /** The volumes that are to be made: those for which the credentials' files serve are not. */
    List<Volume> madeVolumes() {
        return record.pod().getSpec().getVolumes().stream()
                .filter(volume -> credentials.isEmpty() || !Credentials.areIn(volume))
                .toList();
    }

    private Map<String, String> given(Path kubeconfig) {
        Pod pod = record.pod();
        boolean links = !Boolean.FALSE.equals(pod.getSpec().getEnableServiceLinks());
        Map<String, String> given = new LinkedHashMap<>(ServiceEnvironment.of(
                record.key().namespace(), links, surroundings.services().all(), lowPorts()));
        given.put(
                "HOSTNAME",
                Objects.requireNonNullElse(
                        pod.getSpec().getHostname(), record.key().name()));
        given.putAll(proxy.environment());
        if (credentials.isPresent()) {
            given.put("KUBECONFIG", kubeconfig.toString());
        }
        return given;
    }

    private static List<String> expanded(List<String> words, Map<String, String> environment) {
        return words.stream().map(word -> Expansion.expand(word, environment)).toList();
    }
}
