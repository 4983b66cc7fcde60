package dev.linnet.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** A network of its own, where addresses can be had that the rest of the machine does not notice. Needs root. */
final class NetworkNamespace implements AutoCloseable {
    private final String name = "linnet-" + ProcessHandle.current().pid();

    private NetworkNamespace() {}

    /** @param range addresses that are local there */
    static NetworkNamespace with(String range) {
        NetworkNamespace network = new NetworkNamespace();
        Program made = Program.run(List.of("ip", "netns", "add", network.name), Map.of(), "");
        Assumptions.assumeTrue(made.exit() == 0, "needs leave to make network namespaces: " + made.err());
        network.run("ip", "link", "set", "lo", "up").ok();
        network.run("ip", "route", "add", "local", range, "dev", "lo").ok();
        return network;
    }

    /** What a command line begins with to run there. */
    List<String> command() {
        return List.of("ip", "netns", "exec", name);
    }

    Program run(String... program) {
        List<String> command = new ArrayList<>(command());
        command.addAll(List.of(program));
        return Program.run(command, Map.of(), "");
    }

    @Override
    public void close() {
        Program.run(List.of("ip", "netns", "delete", name), Map.of(), "").ok();
    }
}
