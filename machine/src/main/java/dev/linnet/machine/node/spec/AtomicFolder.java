package dev.linnet.machine.node.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder whose files change all at the same moment, laid out as kubelet does, so that programs that watch such folders
 * understand it: each name is a link to {@code ..data/name}, and {@code ..data} is a link that is replaced.
 */
record AtomicFolder(Path folder) {
    private static final String DATA = "..data";

    /** Whether a folder has been written so. */
    static boolean is(Path folder) {
        return Files.isSymbolicLink(folder.resolve(DATA));
    }

    /**
     * Makes these files its content, unless they are.
     *
     * @param files by their path in the folder
     */
    void write(Map<String, VolumeFile> files) throws MissingReference, IOException {
        if (!is(folder)) {
            Folders.delete(folder);
            Files.createDirectories(folder);
        } else if (has(files)) {
            return;
        }
        Path next = Files.createTempDirectory(folder, "..");
        try {
            writeAll(files, next);
        } catch (MissingReference | IOException e) {
            Folders.delete(next);
            throw e;
        }
        swap(next);
        link(files.keySet());
    }

    private static void writeAll(Map<String, VolumeFile> files, Path next) throws MissingReference, IOException {
        for (Map.Entry<String, VolumeFile> file : files.entrySet()) {
            Path place = new Confined(next).below(next, file.getKey());
            if (file.getKey().startsWith("..")) {
                throw new MissingReference("path \"" + file.getKey() + "\" begins with .. (expected: another name)");
            }
            Files.createDirectories(Objects.requireNonNull(place.getParent()));
            file.getValue().writeTo(place);
        }
    }

    private boolean has(Map<String, VolumeFile> files) throws IOException {
        Path data = folder.resolve(DATA).toRealPath();
        for (Map.Entry<String, VolumeFile> file : files.entrySet()) {
            if (!file.getValue().isIn(data.resolve(file.getKey()))) {
                return false;
            }
        }
        try (Stream<Path> all = Files.walk(data)) {
            return all.filter(Files::isRegularFile).count() == files.size();
        }
    }

    private void swap(Path next) throws IOException {
        Path data = folder.resolve(DATA);
        Path before = is(folder) ? data.toRealPath() : next;
        Path link = folder.resolve("..data_tmp");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, next.getFileName());
        Files.move(link, data, StandardCopyOption.ATOMIC_MOVE);
        if (!before.equals(next)) {
            Folders.delete(before);
        }
    }

    private void link(Set<String> paths) throws IOException {
        Set<String> names =
                paths.stream().map(path -> Path.of(path).getName(0).toString()).collect(Collectors.toSet());
        for (Path gone : linked(names)) {
            Files.delete(gone);
        }
        for (String name : names) {
            Path link = folder.resolve(name);
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(link, Path.of(DATA, name));
            }
        }
    }

    /** Our links but those of these names. Others may lie here too: what a container mounts into what it has mounted. */
    private List<Path> linked(Set<String> but) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isSymbolicLink)
                    .filter(link -> !but.contains(link.getFileName().toString()))
                    .filter(AtomicFolder::leadsToData)
                    .toList();
        }
    }

    private static boolean leadsToData(Path link) {
        try {
            return Files.readSymbolicLink(link).startsWith(DATA);
        } catch (IOException _) {
            return false;
        }
    }
}
