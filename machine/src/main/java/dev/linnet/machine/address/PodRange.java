package dev.linnet.machine.address;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where Pods get their addresses from instead of loopback: an IPv4 range. */
public final class PodRange {
    private static final Pattern FORM = Pattern.compile("([0-9.]+)/(\\d{1,2})");
    private static final int LARGEST = 8;
    private static final int SMALLEST = 29;

    private final Ipv4 network;
    private final int prefix;

    private PodRange(Ipv4 network, int prefix) {
        this.network = network;
        this.prefix = prefix;
    }

    /**
     * @param cidr {@code 10.244.0.0/16}
     * @throws IllegalArgumentException for what is no range of 8 to 2^24 addresses
     */
    public static PodRange parse(String cidr) {
        Matcher form = FORM.matcher(cidr);
        if (form.matches()) {
            int prefix = Integer.parseInt(form.group(2));
            Optional<Ipv4> address = Ipv4.parse(form.group(1));
            if (address.isPresent() && prefix >= LARGEST && prefix <= SMALLEST) {
                return new PodRange(address.get().network(prefix), prefix);
            }
        }
        throw new IllegalArgumentException("the range of Pod addresses is " + cidr
                + " (expected: an IPv4 range from /8 to /29, such as 10.244.0.0/16)");
    }

    AddressPool pool() {
        return new AddressPool(lowest(), size());
    }

    /** Neither the network's own address nor that of its broadcasts is a Pod's. */
    private int size() {
        return (1 << (32 - prefix)) - 2;
    }

    Ipv4 lowest() {
        return network.plus(1);
    }

    Ipv4 highest() {
        return network.plus(size());
    }

    /** {@code 10.244.0.0/16}. */
    @Override
    public String toString() {
        return network + "/" + prefix;
    }
}
