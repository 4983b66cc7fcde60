package dev.linnet.machine.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.linnet.machine.control.RootCertificate;
import dev.linnet.machine.node.spec.Folders;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * What lets the containers of a Pod speak to the API, as the Pod's ServiceAccount: a kubeconfig, and the files that every
 * client looks for in a cluster.
 */
record Credentials(Config api, String namespace, String token) {
    /** Where clients in a cluster look. */
    static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
    /** How a server names the volume that it has put into a Pod for them. */
    private static final String VOLUME = "kube-api-access-";
    /** Ends with the Pod, however long that lives: a client that has read it once need not look again. */
    static final Duration LIFE = Duration.ofDays(365);

    /** Whether a volume is what a server has put into the Pod for these credentials: their files serve for it. */
    static boolean areIn(Volume volume) {
        return volume.getProjected() != null && volume.getName().startsWith(VOLUME);
    }

    /** Writes the files that belong at {@link #MOUNT_PATH}. */
    void writeFiles(Path folder) throws IOException {
        Folders.createPrivate(folder);
        write(folder.resolve("token"), token);
        write(folder.resolve("namespace"), namespace);
        Optional<String> authority = RootCertificate.of(api);
        if (authority.isPresent()) {
            write(folder.resolve("ca.crt"), authority.get());
        }
    }

    void writeKubeconfig(Path file) throws IOException {
        String authority = RootCertificate.of(api)
                .map(pem ->
                        ", certificate-authority-data: " + Base64.getEncoder().encodeToString(pem.getBytes(UTF_8)))
                .orElse("");
        write(file, """
                apiVersion: v1
                kind: Config
                current-context: pod
                contexts: [{name: pod, context: {cluster: local, user: pod, namespace: %s}}]
                clusters: [{name: local, cluster: {server: "%s"%s}}]
                users: [{name: pod, user: {token: %s}}]
                """.formatted(namespace, api.getMasterUrl(), authority, token));
    }

    private static void write(Path file, String content) throws IOException {
        Files.writeString(file, content);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Override
    public String toString() {
        return "credentials in " + namespace;
    }
}
