package dev.linnet.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Waits until a started program listens somewhere, or says why it never will. */
final class Ports {
    private static final int SECONDS = 30;

    private Ports() {}

    static void awaitListening(Process process, String name, Path log) throws IOException, InterruptedException {
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        while (System.nanoTime() < end) {
            if (!process.isAlive()) {
                throw new IOException(name + " ended at once: " + Files.readString(log));
            }
            if (listens(process.toHandle())) {
                return;
            }
            Thread.sleep(50);
        }
        throw new IOException(name + " did not listen within " + SECONDS + " s: " + Files.readString(log));
    }

    /** True when a socket of the process or of a descendant stands in the kernel's list of listeners. */
    private static boolean listens(ProcessHandle process) throws IOException {
        Set<String> listeners = Stream.of("tcp", "tcp6")
                .flatMap(Ports::sockets)
                .map(line -> line.trim().split("\\s+", -1))
                .filter(fields -> fields.length > 9 && fields[3].equals("0A"))
                .map(fields -> "socket:[" + fields[9] + "]")
                .collect(Collectors.toSet());
        List<ProcessHandle> tree =
                Stream.concat(Stream.of(process), process.descendants()).toList();
        for (ProcessHandle each : tree) {
            if (holdsOne(each, listeners)) {
                return true;
            }
        }
        return false;
    }

    private static Stream<String> sockets(String family) {
        try {
            return Files.readAllLines(Path.of("/proc/net", family)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the kernel's sockets", e);
        }
    }

    private static boolean holdsOne(ProcessHandle process, Set<String> listeners) throws IOException {
        Path descriptors = Path.of("/proc", Long.toString(process.pid()), "fd");
        if (!Files.isReadable(descriptors)) {
            return false;
        }
        try (var files = Files.list(descriptors)) {
            return files.anyMatch(file -> {
                try {
                    return listeners.contains(Files.readSymbolicLink(file).toString());
                } catch (IOException _) {
                    return false; // closed meanwhile
                }
            });
        }
    }
}
