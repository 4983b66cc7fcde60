package dev.linnet.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What a server needs to know before it starts.
 *
 * @param listen       where clients connect; port 0 takes any free one
 * @param directory    holds certificates, kubeconfig and, unless {@code ephemeral}, all objects; made when absent
 * @param ephemeral    objects live as long as the process
 * @param serviceCidr  IPv4 range from which Services get their cluster IPs, {@code 127.77.128.0/17}
 * @param kubeletToken the secret by which node agents know this server
 * @param definitions  CustomResourceDefinitions that are there from the start, as this program has them. They are not checked at each start: whoever
 *                     brings them has tests for that
 */
public record ApiServerSettings(
        InetSocketAddress listen,
        Path directory,
        boolean ephemeral,
        String serviceCidr,
        String kubeletToken,
        InstantSource clock,
        Supplier<List<ObjectNode>> definitions) {

    /** A server of the kinds of Kubernetes alone. */
    public ApiServerSettings(
            InetSocketAddress listen,
            Path directory,
            boolean ephemeral,
            String serviceCidr,
            String kubeletToken,
            InstantSource clock) {
        this(listen, directory, ephemeral, serviceCidr, kubeletToken, clock, List::of);
    }

    public ApiServerSettings {
        Objects.requireNonNull(listen);
        Objects.requireNonNull(directory);
        if (listen.isUnresolved()) {
            throw new IllegalArgumentException(
                    "cannot listen on " + listen.getHostString() + " (expected: an address of this machine)");
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "ApiServerSettings[listen=" + listen + ", directory=" + directory + ", ephemeral=" + ephemeral
                + ", serviceCidr=" + serviceCidr + "]";
    }
}
