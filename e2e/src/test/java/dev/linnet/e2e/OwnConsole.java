package dev.linnet.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A console that somebody runs for themselves, at any free port, with the rights of a kubeconfig. */
final class OwnConsole implements AutoCloseable {
    private final Process process;
    private final BufferedReader said;
    private final String link;

    private OwnConsole(Process process) {
        this.process = process;
        this.said = process.inputReader();
        this.link = said.lines()
                .flatMap(line -> Cluster.linkIn(line).stream())
                .findFirst()
                .orElseThrow(() -> new AssertionError("linnet console ended before it was ready"));
    }

    static OwnConsole start(Cluster cluster, String... options) throws IOException {
        List<String> command =
                Linnet.command("console", "--kubeconfig", cluster.kubeconfig().toString(), "--listen", "127.0.0.1:0");
        command.addAll(List.of(options));
        return new OwnConsole(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** By which its owner is let in, once. */
    String link() {
        return link;
    }

    /** {@code host:port}. */
    String address() {
        return link.substring("http://".length(), link.indexOf("/login"));
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
        said.close();
    }
}
