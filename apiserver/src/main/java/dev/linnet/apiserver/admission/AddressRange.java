package dev.linnet.apiserver.admission;

import java.util.random.RandomGenerator;

/**
 * IPv4 addresses that Services get. The first is the network's own and the second the API server's; the last is left out.
 *
 * @param text {@code 10.96.0.0/16}
 */
public record AddressRange(String text, int network, int prefix) {

    /** @throws IllegalArgumentException for what is no IPv4 range of 8 to 2^24 addresses */
    public static AddressRange parse(String cidr) {
        String[] parts = cidr.split("/", -1);
        try {
            int prefix = Integer.parseInt(parts[1]);
            int address = address(parts[0]);
            if (parts.length == 2 && prefix >= 8 && prefix <= 29) {
                return new AddressRange(cidr, address & mask(prefix), prefix);
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException _) {
            // Reported below, as every other wrong text.
        }
        throw new IllegalArgumentException(
                "service range is " + cidr + " (expected: an IPv4 range such as 10.96.0.0/16)");
    }

    private static int address(String dotted) {
        String[] bytes = dotted.split("\\.", -1);
        if (bytes.length != 4) {
            throw new NumberFormatException(dotted);
        }
        int address = 0;
        for (String text : bytes) {
            int value = Integer.parseInt(text);
            if (value < 0 || value > 255) {
                throw new NumberFormatException(dotted);
            }
            address = (address << 8) | value;
        }
        return address;
    }

    private static int mask(int prefix) {
        return -1 << (32 - prefix);
    }

    /** Where the API server itself is found: the first address that can be used. */
    public String first() {
        return dotted(1);
    }

    /** Whether this is an address that a Service may have. */
    public boolean contains(String dotted) {
        try {
            int address = address(dotted);
            int offset = address - network;
            return (address & mask(prefix)) == network && offset > 0 && offset < size() - 1;
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private int size() {
        return 1 << (32 - prefix);
    }

    /** A place to begin to look for a free address. */
    String any(RandomGenerator random) {
        return dotted(2 + random.nextInt(size() - 3));
    }

    /** The next one, the first after the last. */
    String after(String dotted) {
        int offset = address(dotted) - network + 1;
        return dotted(offset >= size() - 1 ? 2 : offset);
    }

    int usable() {
        return size() - 3;
    }

    private String dotted(int offset) {
        int address = network + offset;
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }
}
