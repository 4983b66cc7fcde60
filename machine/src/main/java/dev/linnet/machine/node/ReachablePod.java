package dev.linnet.machine.node;

import dev.linnet.machine.Image;
import dev.linnet.machine.node.log.LogLookup;
import dev.linnet.machine.node.log.LogStore;
import dev.linnet.machine.node.status.ContainerView;
import dev.linnet.machine.node.stream.PodAccess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** A Pod that has an address, as people reach into it. */
record ReachablePod(PodRunner runner, InetAddress podIp, Surroundings surroundings) implements PodAccess {

    @Override
    public InetSocketAddress address(int port) {
        return new InetSocketAddress(podIp, surroundings.addresses().lowPorts().realPort(port));
    }

    @Override
    public Image.Dialogue start(String container, List<String> command) throws IOException {
        ContainerView view = view(container);
        if (runner.logOf(view) instanceof LogLookup.NotYet notYet) {
            throw new IOException(notYet.message());
        }
        Optional<Image.Exec> exec = runner.exec(container);
        if (exec.isPresent()) {
            return exec.get().start(command);
        }
        throw new IOException("container \"" + container + "\" runs image \"" + view.image()
                + "\", a part of this program: there is no shell and no other command in it");
    }

    @Override
    public Image.Dialogue attach(String container) throws IOException {
        LogStore.Life life = switch (runner.logOf(view(container))) {
            case LogLookup.Found found -> found.life();
            case LogLookup.Unknown unknown -> throw new IOException(unknown.message());
            case LogLookup.NotYet notYet -> throw new IOException(notYet.message());
        };
        return Attached.to(surroundings.logs(), life);
    }

    private ContainerView view(String container) throws IOException {
        return runner.view(container).orElseThrow(() -> new IOException("container \"" + container + "\" not found"));
    }
}
