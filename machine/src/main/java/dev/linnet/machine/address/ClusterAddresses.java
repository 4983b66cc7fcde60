package dev.linnet.machine.address;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The loopback addresses of one running cluster: 127.x.0.0/16, where x is its {@link #number()}. The lower half belongs to
 * Pods, unless they have a {@link PodRange}, and, at its end, nodes; the upper half to Services.
 *
 * <p>The claim is a listener on a fixed port of the range's last address. So it holds against other processes of any user in
 * the same network namespace, and ends with this process however that dies.
 */
public final class ClusterAddresses implements AutoCloseable {

    /** 127.0 to 127.63 are left to other programs that use loopback addresses, and 127.53 is systemd's resolver. */
    private static final int FIRST = 64;

    private static final int LAST = 250;

    /** Of the range's last address. No meaning, and not in IANA's list. */
    private static final int CLAIM_PORT = 16_427;

    private static final int POD_COUNT = 126 * 256 - 2;
    private static final Path PORT_START = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");

    private final int number;
    private final ServerSocket claim;
    private final Optional<PodRangeClaim> podClaim;
    private final String podRange;
    private final AddressPool pods;
    private final LowPorts lowPorts;

    private ClusterAddresses(int number, ServerSocket claim, Optional<PodRange> podRange) {
        this.number = number;
        this.claim = claim;
        this.podClaim = podRange.map(range -> PodRangeClaim.take(range, CLAIM_PORT));
        this.podRange = podRange.map(PodRange::toString).orElse(Ipv4.of(127, number, 0, 0) + "/17");
        this.pods =
                podRange.map(PodRange::pool).orElseGet(() -> new AddressPool(Ipv4.of(127, number, 0, 2), POD_COUNT));
        this.lowPorts = LowPorts.probe(claim.getInetAddress(), unprivilegedPortStart());
    }

    /**
     * Claims the first range that is free.
     *
     * @throws UncheckedIOException when none is
     */
    public static ClusterAddresses claim() {
        return claim(OptionalInt.empty(), Optional.empty());
    }

    /**
     * Claims a range.
     *
     * @param preferred the {@link #number()} that this cluster had before: its stored Services have ClusterIPs there. Another
     *     one is claimed when it is taken
     * @param podRange  where Pods live instead of there
     * @throws UncheckedIOException  when no range is free
     * @throws IllegalStateException when the Pods' range cannot be used; the message says what helps
     */
    public static ClusterAddresses claim(OptionalInt preferred, Optional<PodRange> podRange) {
        IOException last = new IOException("no range was tried");
        IntStream wanted = preferred.stream().filter(x -> x >= FIRST && x <= LAST);
        for (int number :
                IntStream.concat(wanted, IntStream.rangeClosed(FIRST, LAST)).toArray()) {
            try {
                return of(number, bindClaim(number), podRange);
            } catch (IOException e) {
                last = e;
            }
        }
        throw new UncheckedIOException(
                "No loopback range is free: none of 127.%d.255.254 to 127.%d.255.254 can be bound at port %d (%s)"
                        .formatted(FIRST, LAST, CLAIM_PORT, last.getMessage()),
                last);
    }

    private static ClusterAddresses of(int number, ServerSocket claim, Optional<PodRange> podRange) throws IOException {
        try {
            return new ClusterAddresses(number, claim, podRange);
        } catch (IllegalStateException e) {
            claim.close();
            throw e;
        }
    }

    private static ServerSocket bindClaim(int number) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(Ipv4.of(127, number, 255, 254).toAddress(), CLAIM_PORT), 1);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Through a buffer: these files give all that they have to the first read, and Files.readString begins with one byte. */
    static int unprivilegedPortStart() {
        try (BufferedReader file = Files.newBufferedReader(PORT_START)) {
            String line = file.readLine();
            return LowPorts.unprivilegedPortStart(line == null ? "" : line);
        } catch (IOException e) {
            return LowPorts.unprivilegedPortStart("");
        }
    }

    /** The second byte of all addresses of this cluster. */
    public int number() {
        return number;
    }

    /** Where Pods live, {@code 127.64.0.0/17}. */
    public String podRange() {
        return podRange;
    }

    /** Where ClusterIPs come from, {@code 127.64.128.0/17}: a setting of the API server, which gives them out. */
    public String serviceCidr() {
        return Ipv4.of(127, number, 128, 0) + "/17";
    }

    /** The address of a node, counted from 0. Pods never have one of these. */
    public InetAddress node(int index) {
        if (index < 0 || index > 253) {
            throw new IllegalArgumentException("node index is " + index + " (expected: 0 to 253)");
        }
        return Ipv4.of(127, number, 127, 1 + index).toAddress();
    }

    /** The addresses of Pods. */
    public AddressPool pods() {
        return pods;
    }

    /** Whether an address is a Pod's, a node's or a Service's of this cluster, in use or not. */
    public boolean owns(InetAddress address) {
        byte[] bytes = address.getAddress();
        return pods.contains(address) || (bytes.length == 4 && bytes[0] == 127 && (bytes[1] & 0xff) == number);
    }

    /** Which ports may be bound here. */
    public LowPorts lowPorts() {
        return lowPorts;
    }

    /** Leaves the range to others. */
    @Override
    public void close() {
        podClaim.ifPresent(PodRangeClaim::close);
        try {
            claim.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot give up the addresses 127." + number + ".0.0/16", e);
        }
    }
}
