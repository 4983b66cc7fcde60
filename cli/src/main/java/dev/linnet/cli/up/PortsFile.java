package dev.linnet.cli.up;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.cli.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** {@code ports.json}: where a running cluster listens, for scripts. Replaced whole, so that a reader never sees half of it. */
final class PortsFile {
    private PortsFile() {}

    static void write(Path file, LocalCluster cluster) {
        ObjectMapper json = new ObjectMapper();
        ObjectNode ports = json.createObjectNode();
        ports.put("api", URI.create(cluster.apiUrl()).getAuthority());
        ports.put("http", HostPort.text(cluster.http()));
        ports.put("https", HostPort.text(cluster.https()));
        ports.put("console", HostPort.text(cluster.console()));
        ports.put("metrics", HostPort.text(cluster.metrics()));
        try {
            Path half = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(half, json.writerWithDefaultPrettyPrinter().writeValueAsString(ports) + "\n");
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
