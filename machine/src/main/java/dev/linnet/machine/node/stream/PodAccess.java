package dev.linnet.machine.node.stream;

import dev.linnet.machine.Image;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** What of a Pod of this machine can be reached from outside. */
public interface PodAccess {

    /** Where a containerPort is really listened on. */
    InetSocketAddress address(int port);

    /**
     * Starts a command beside a container.
     *
     * @throws IOException when it cannot be, with the reason for the person who asked
     */
    Image.Dialogue start(String container, List<String> command) throws IOException;

    /**
     * What a container writes from now on, until it ends.
     *
     * @throws IOException when there is no such container, with the reason for the person who asked
     */
    Image.Dialogue attach(String container) throws IOException;

    /** Finds a Pod that runs here. */
    interface Lookup {
        Optional<PodAccess> find(String namespace, String pod);
    }
}
