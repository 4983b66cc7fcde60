package dev.linnet.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code linnet gateway} that follows an API of ours, as a process of its own. */
final class FollowingGateway implements AutoCloseable {
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +[0-9]+ +([0-9]+)$");
    private static final long PATIENCE = 60_000_000_000L;

    private final Process process;
    private final int port;
    private final double readySeconds;

    /**
     * Starts one and waits until it is ready.
     *
     * @param options beside those that keep it from the machine's usual ports
     */
    FollowingGateway(String kubeconfig, Path log, List<String> options) throws IOException, InterruptedException {
        this.port = freePort();
        int metrics = freePort();
        List<String> command = new ArrayList<>(List.of(
                "./linnet",
                "gateway",
                "--kubeconfig",
                kubeconfig,
                "--http",
                "127.0.0.1:" + port,
                "--https",
                "127.0.0.1:0",
                "--metrics",
                "127.0.0.1:" + metrics,
                "--access-log=off"));
        command.addAll(options);
        long begin = System.nanoTime();
        process = new ProcessBuilder(command)
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

    static int freePort() throws IOException {
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

    /** Its threads of now and of later run on this core alone. */
    void pin(int core) throws IOException, InterruptedException {
        Commands.run(
                Duration.ofSeconds(10),
                "taskset",
                "-a",
                "-c",
                "-p",
                Integer.toString(core),
                Long.toString(process.pid()));
    }

    /** What its heap holds that is still needed: the JVM collects first. */
    long liveBytes() throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String said = Commands.run(Duration.ofMinutes(1), jcmd, Long.toString(process.pid()), "GC.class_histogram");
        Matcher total = TOTAL.matcher(said);
        if (!total.find()) {
            throw new IOException("jcmd said no total: " + said);
        }
        return Long.parseLong(total.group(1));
    }

    @Override
    public void close() {
        Commands.stop(process);
    }
}
