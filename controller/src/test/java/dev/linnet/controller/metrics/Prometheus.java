package dev.linnet.controller.metrics;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The real Prometheus, where it is installed ({@code apt-get install prometheus}), collecting from one address every second. */
final class Prometheus implements AutoCloseable {
    private final Process process;
    private final String address;

    private Prometheus(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    static Optional<Path> program() {
        return Arrays.stream(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, "prometheus"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Prometheus start(Path program, Path folder, String collected) throws IOException {
        Path config = Files.writeString(
                folder.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, scrape_timeout: 1s}
                scrape_configs:
                  - job_name: gateway
                    static_configs: [{targets: ["TARGET"]}]
                """.replace("TARGET", collected.replace("http://", "")));
        String address = "127.0.0.1:" + freePort();
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=" + address)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        return new Prometheus(process, "http://" + address);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String address() {
        return address;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
