package dev.linnet.machine.node.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A process that listens on all addresses of this machine, and so takes a port away from all other Pods.
 *
 * @param address {@code 0.0.0.0} or {@code ::}
 */
record Listening(long process, String address, int port) {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTEN = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    /** A socket of a table, see proc_net(5). */
    private record Everywhere(String inode, String address, int port) {}

    /** Which of these processes listen everywhere. */
    static List<Listening> everywhere(List<Long> processes) {
        List<Everywhere> sockets = Stream.concat(
                        table("tcp", "0.0.0.0", "00000000"), table("tcp6", "::", "0".repeat(32)))
                .toList();
        if (sockets.isEmpty()) {
            return List.of();
        }
        List<Listening> found = new ArrayList<>();
        for (long process : processes) {
            Set<String> own = inodes(process);
            sockets.stream()
                    .filter(socket -> own.contains(socket.inode()))
                    .forEach(socket -> found.add(new Listening(process, socket.address(), socket.port())));
        }
        return found;
    }

    private static Stream<Everywhere> table(String name, String address, String wildcard) {
        try {
            return Files.readAllLines(PROC.resolve("net").resolve(name), US_ASCII).stream()
                    .map(line -> line.strip().split("\\s+", -1))
                    .filter(columns -> columns.length > INODE
                            && columns[STATE].equals(LISTEN)
                            && columns[LOCAL_ADDRESS].startsWith(wildcard + ":"))
                    .map(columns -> new Everywhere(
                            columns[INODE],
                            address,
                            Integer.parseInt(columns[LOCAL_ADDRESS].substring(wildcard.length() + 1), 16)));
        } catch (IOException _) {
            return Stream.empty();
        }
    }

    /** Of the sockets that a process has open. */
    private static Set<String> inodes(long process) {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> open =
                Files.newDirectoryStream(PROC.resolve(Long.toString(process)).resolve("fd"))) {
            for (Path file : open) {
                String target = Files.readSymbolicLink(file).toString();
                if (target.startsWith("socket:[")) {
                    inodes.add(target.substring("socket:[".length(), target.length() - 1));
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // It has ended, or is somebody else's.
            return inodes;
        }
        return inodes;
    }
}
