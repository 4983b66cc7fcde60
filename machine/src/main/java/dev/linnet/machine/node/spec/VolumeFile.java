package dev.linnet.machine.node.spec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file of a volume. Prints nothing of its content, which may be a Secret's. */
final class VolumeFile {
    /** Kubernetes' default. */
    private static final int USUAL_MODE = 0644;
    /** In the order of the bits, the lowest first. */
    private static final PosixFilePermission[] BITS = {
        PosixFilePermission.OTHERS_EXECUTE, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_READ,
    };

    private final byte[] content;
    private final int mode;

    private VolumeFile(byte[] content, int mode) {
        this.content = content;
        this.mode = mode;
    }

    /** @param mode as in {@code defaultMode}; null for Kubernetes' own */
    static VolumeFile of(byte[] content, @Nullable Integer mode) {
        return new VolumeFile(content.clone(), Objects.requireNonNullElse(mode, USUAL_MODE));
    }

    static VolumeFile of(String content, @Nullable Integer mode) {
        return of(content.getBytes(UTF_8), mode);
    }

    void writeTo(Path file) throws IOException {
        Files.write(file, content);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, permissions());
        }
    }

    private Set<PosixFilePermission> permissions() {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < BITS.length; bit++) {
            if ((mode & 1 << bit) != 0) {
                permissions.add(BITS[bit]);
            }
        }
        return permissions;
    }

    boolean isIn(Path file) throws IOException {
        return Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), content);
    }
}
