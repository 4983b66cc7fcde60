package dev.linnet.machine.node.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a container without a file system of its own has instead: a folder in which everything that is mounted at {@code /a/b}
 * is found as {@code a/b}. Made anew for each of its lives, as containers forget what they wrote.
 */
public record ContainerFolder(Path path, Confined pod) {

    /**
     * Makes it.
     *
     * @param mounts mountPath to what is there
     */
    public void make(Map<String, Path> mounts) throws MissingReference, IOException {
        Folders.delete(path);
        Folders.createPrivate(path);
        // In this order, because one may be mounted into another.
        for (Map.Entry<String, Path> mount : new TreeMap<>(mounts).entrySet()) {
            link(mount.getKey(), mount.getValue());
        }
        Path temporary = path.resolve("tmp");
        if (!Files.exists(temporary)) {
            Files.createDirectory(temporary);
        }
    }

    /**
     * Where it works, made if it is not there.
     *
     * @param asked as a path of the container; empty for its root
     */
    public Path workingDirectory(String asked) throws MissingReference, IOException {
        String relative = asked.replaceFirst("^/+", "");
        if (relative.isEmpty()) {
            return path;
        }
        Path folder = pod.below(path, relative);
        pod.makeFolder(folder);
        return folder;
    }

    private void link(String mountPath, Path target) throws MissingReference, IOException {
        Path place = pod.below(path, mountPath.replaceFirst("^/+", ""));
        pod.makeFolder(Objects.requireNonNull(place.getParent()));
        if (Files.isSymbolicLink(place) && Files.readSymbolicLink(place).equals(target)) {
            // It lies in a volume, and that has been there before.
            return;
        }
        if (Files.exists(place)) {
            throw new MissingReference("mountPath " + mountPath + " is taken: something is there in another volume");
        }
        Files.createSymbolicLink(place, target);
    }
}
