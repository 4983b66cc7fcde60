package dev.linnet.machine.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An IPv4 address one can count with. */
record Ipv4(int bits) {

    private static final Pattern DOTTED = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

    static Ipv4 of(int a, int b, int c, int d) {
        return new Ipv4(a << 24 | b << 16 | c << 8 | d);
    }

    static Optional<Ipv4> parse(String text) {
        Matcher parts = DOTTED.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int bits = 0;
        for (int i = 1; i <= 4; i++) {
            int part = Integer.parseInt(parts.group(i));
            if (part > 255) {
                return Optional.empty();
            }
            bits = bits << 8 | part;
        }
        return Optional.of(new Ipv4(bits));
    }

    /** The first address of its network. */
    Ipv4 network(int prefix) {
        return new Ipv4(bits & (-1 << (32 - prefix)));
    }

    Ipv4 plus(int count) {
        return new Ipv4(bits + count);
    }

    /** How far the other one is behind this one; negative when it is before it or further than an int can say. */
    int distance(Ipv4 other) {
        long distance = Integer.toUnsignedLong(other.bits) - Integer.toUnsignedLong(bits);
        return distance > Integer.MAX_VALUE ? -1 : (int) Math.max(distance, -1);
    }

    InetAddress toAddress() {
        byte[] bytes = {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    @Override
    public String toString() {
        return toAddress().getHostAddress();
    }
}
