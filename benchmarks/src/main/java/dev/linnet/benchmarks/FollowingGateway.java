package dev.linnet.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A {@code linnet gateway} that follows such an API, as a process of its own. */
final class FollowingGateway implements AutoCloseable {
    private static final long PATIENCE = 60_000_000_000L;

    private final Process process;
    private final int port;
    private final double readySeconds;

    /** Starts one and waits until it is ready. */
    FollowingGateway(ManyIngresses api, Path log) throws IOException, InterruptedException {
        this.port = freePort();
        int metrics = freePort();
        long begin = System.nanoTime();
        process = new ProcessBuilder(
                        "./linnet",
                        "gateway",
                        "--kubeconfig",
                        api.kubeconfig(),
                        "--http",
                        "127.0.0.1:" + port,
                        "--https",
                        "127.0.0.1:0",
                        "--metrics",
                        "127.0.0.1:" + metrics,
                        "--update-status=false",
                        "--access-log=off")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        while (!isReady(metrics)) {
            if (!process.isAlive() || System.nanoTime() - begin > PATIENCE) {
                Commands.stop(process);
                throw new IOException("the gateway did not become ready within a minute: " + Files.readString(log));
            }
            Thread.sleep(10);
        }
        this.readySeconds = (System.nanoTime() - begin) / 1e9;
    }

    private static boolean isReady(int metrics) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), metrics)) {
            socket.getOutputStream()
                    .write(("GET /readyz HTTP/1.0\r\nHost: 127.0.0.1:" + metrics + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).endsWith("200");
        } catch (IOException _) {
            return false; // not yet
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /** Where it takes requests. */
    int port() {
        return port;
    }

    /** From the start of the launch script. */
    double readySeconds() {
        return readySeconds;
    }

    double cpuSeconds() {
        return Machine.cpuSeconds(process.toHandle());
    }

    long residentMegabytes() {
        return Machine.residentMegabytes(process.toHandle());
    }

    @Override
    public void close() {
        Commands.stop(process);
    }
}
