package dev.linnet.machine.proxy;

import java.net.InetSocketAddress;

/**
 * Where a Service is reachable.
 *
 * @param address an IP address
 * @param port    as the Service says; the port that is really listened on may differ
 */
record Frontend(String address, int port) {

    static Frontend of(InetSocketAddress address) {
        return new Frontend(address.getAddress().getHostAddress(), address.getPort());
    }

    @Override
    public String toString() {
        return address + ":" + port;
    }
}
