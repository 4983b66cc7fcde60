package dev.linnet.machine.podproxy;

import java.net.InetSocketAddress;
import java.util.List;

/** What a name means to a Pod. */
sealed interface Destination {

    /**
     * Something of this cluster.
     *
     * @param what      for messages, {@code Service test/podinfo}
     * @param addresses any of which will do; may be empty
     */
    record Inside(String what, List<InetSocketAddress> addresses) implements Destination {
        public Inside {
            addresses = List.copyOf(addresses);
        }
    }

    /** Something else. */
    record Outside(String host, int port) implements Destination {}

    /**
     * Nothing that can be reached.
     *
     * @param status of HTTP that says so
     */
    record Nowhere(int status, String why) implements Destination {}
}
