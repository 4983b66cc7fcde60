package dev.linnet.machine.node.spec;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Makes a Pod's volumes real, as folders below one of the Pod's own. Nothing is ever written outside of it. */
public final class Volumes {

    private final Confined confined;
    private final VolumeContent content;

    /**
     * @param root the folder of this Pod's volumes; need not exist
     */
    public Volumes(Path root, References references, DownwardApi self) {
        this.confined = new Confined(root);
        this.content = new VolumeContent(references, self);
    }

    /**
     * Writes a volume's files, or those that are different now: all of them at the same moment.
     *
     * @throws MissingReference when its ConfigMap or Secret is not there, or when it is of a kind that does not exist here
     * @throws IOException      when the disk does not take it
     */
    public void make(Volume volume) throws MissingReference, IOException {
        Path folder = folder(volume.getName());
        if (volume.getEmptyDir() != null) {
            Files.createDirectories(folder);
            return;
        }
        new AtomicFolder(folder).write(content.of(volume));
    }

    /**
     * Where a container's mounts really are: mountPath to folder, or to the file that a subPath names.
     *
     * @param environment for {@code subPathExpr}
     */
    public Map<String, Path> mounts(Container container, Map<String, String> environment)
            throws MissingReference, IOException {
        Map<String, Path> mounts = new LinkedHashMap<>();
        for (VolumeMount mount : container.getVolumeMounts()) {
            Path folder = folder(mount.getName());
            String subPath = mount.getSubPathExpr() == null
                    ? Objects.requireNonNullElse(mount.getSubPath(), "")
                    : Expansion.expand(mount.getSubPathExpr(), environment);
            mounts.put(
                    mount.getMountPath(),
                    subPath.isEmpty() ? folder : frozen(below(folder, subPath), mount, container));
        }
        return mounts;
    }

    /** A program may have put a link into its volume: that must not lead out of it either. */
    private static Path below(Path folder, String subPath) throws MissingReference, IOException {
        Confined volume = new Confined(folder);
        Path real = volume.below(folder, subPath);
        volume.check(real);
        if (!Files.exists(real)) {
            volume.makeFolder(real);
        }
        return real;
    }

    /**
     * A file that is mounted on its own stays what it was when the container started, as Kubernetes documents: the volume's
     * own may be replaced.
     */
    private Path frozen(Path real, VolumeMount mount, Container container) throws MissingReference, IOException {
        if (!Files.isRegularFile(real) || !AtomicFolder.is(folder(mount.getName()))) {
            return real;
        }
        Path folder = confined.below(confined.root(), "..sub-paths").resolve(container.getName());
        Files.createDirectories(folder);
        Path copy = folder.resolve(Integer.toString(container.getVolumeMounts().indexOf(mount)));
        Files.copy(real, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        return copy;
    }

    private Path folder(String volume) throws MissingReference {
        return confined.below(confined.root(), volume);
    }
}
