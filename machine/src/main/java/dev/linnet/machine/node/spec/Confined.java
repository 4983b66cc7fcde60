package dev.linnet.machine.node.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;

/** A folder out of which no path leads: neither by what it says nor by links that a program has put there. */
public record Confined(Path root) {

    public Confined {
        root = root.toAbsolutePath().normalize();
    }

    /**
     * The place of a relative path below a folder of this one.
     *
     * @throws MissingReference when it is absolute, has {@code ..} in it, or says nothing
     */
    public Path below(Path folder, String path) throws MissingReference {
        Path relative = Path.of(path);
        Path below = folder.resolve(relative).normalize();
        boolean climbs = false;
        for (Path step : relative) {
            climbs |= step.toString().equals("..");
        }
        if (climbs || below.equals(folder) || !below.startsWith(folder) || !below.startsWith(root)) {
            throw new MissingReference(
                    "path \"" + path + "\" leads out of its folder (expected: a relative path without ..)");
        }
        return below;
    }

    /**
     * Makes a folder with all above it, if it is not there.
     *
     * @throws MissingReference when a link on the way leads out
     */
    public void makeFolder(Path folder) throws MissingReference, IOException {
        check(folder);
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
    }

    /**
     * Looks at what is there of a path.
     *
     * @throws MissingReference when a link on the way leads out
     */
    public void check(Path path) throws MissingReference, IOException {
        Path there = path;
        while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            there = Objects.requireNonNull(there.getParent(), "the root of all folders is there");
        }
        if (there.startsWith(root) && !there.toRealPath().startsWith(root.toRealPath())) {
            throw new MissingReference("a link at " + there + " leads out of the Pod's own folder");
        }
    }
}
