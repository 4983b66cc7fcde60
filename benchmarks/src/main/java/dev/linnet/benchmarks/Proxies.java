package dev.linnet.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The proxies of the comparison: how each is started on one core, and on which port it listens. */
final class Proxies {
    private static final int FIRST_PORT = 18_100;

    private final Path folder;
    private final List<Proxy> all = new ArrayList<>();

    /** A proxy as a command line. */
    record Proxy(String name, int port, List<String> command) {}

    Proxies(Path folder) {
        this.folder = folder;
    }

    List<Proxy> all() throws IOException {
        add("linnet", linnet(port()));
        if (Commands.there("nginx")) {
            add("nginx", List.of("nginx", "-c", config("nginx.conf", port()), "-p", folder.toString()));
        }
        if (Commands.there("haproxy")) {
            add("haproxy", List.of("haproxy", "-f", config("haproxy.cfg", port())));
        }
        add("C floor", List.of(folder.resolve("floor").toString(), Integer.toString(port()), "1"));
        return List.copyOf(all);
    }

    private static List<String> linnet(int port) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.linnet.benchmarks.StaticGateway",
                Integer.toString(port));
    }

    private void add(String name, List<String> command) {
        all.add(new Proxy(name, port(), command));
    }

    private int port() {
        return FIRST_PORT + all.size();
    }

    private String config(String name, int port) throws IOException {
        try (InputStream in = Proxies.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing in the jar");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${port}", Integer.toString(port))
                    .replace("${dir}", folder.toString());
            return Files.writeString(folder.resolve(name), text).toString();
        }
    }
}
