package dev.linnet.gateway.net;

import dev.linnet.routing.policy.Addresses;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads a PROXY header, version 1 or 2 (HAProxy's proxy-protocol.txt), strictly: what is not exactly as described is
 * {@link Malformed}. Nothing is taken out of the buffer.
 */
final class ProxyHeader {
    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final byte[] TEXT = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_TEXT = 107;
    private static final int FIXED = 16;
    /** Addresses and extensions; certificates may be among these. */
    private static final int MOST_BINARY = 4096;

    private static final int LOCAL = 0x20;
    private static final int PROXIED = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;

    private ProxyHeader() {}

    /** What is known so far. */
    sealed interface Result {}

    record Incomplete() implements Result {}

    record Malformed() implements Result {}

    /** The proxy speaks for itself, or does not know for whom: the connection's own addresses count. */
    record Local(int length) implements Result {}

    /**
     * The proxy speaks for somebody.
     *
     * @param length          of the header
     * @param source          4 or 16 bytes
     * @param destinationPort to which that client has connected
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares these
    record Proxied(int length, byte[] source, int destinationPort) implements Result {}

    static Result read(ByteBuf in) {
        if (begins(in, SIGNATURE)) {
            return binary(in);
        }
        return begins(in, TEXT) ? text(in) : new Malformed();
    }

    /** Whether what has come so far is how this begins. */
    private static boolean begins(ByteBuf in, byte[] beginning) {
        int known = Math.min(in.readableBytes(), beginning.length);
        for (int i = 0; i < known; i++) {
            if (in.getByte(in.readerIndex() + i) != beginning[i]) {
                return false;
            }
        }
        return true;
    }

    private static Result binary(ByteBuf in) {
        if (in.readableBytes() < FIXED) {
            return new Incomplete();
        }
        int start = in.readerIndex();
        int command = in.getUnsignedByte(start + 12);
        int family = in.getUnsignedByte(start + 13);
        int following = in.getUnsignedShort(start + 14);
        if (following > MOST_BINARY || (command != LOCAL && command != PROXIED)) {
            return new Malformed();
        }
        int length = FIXED + following;
        if (in.readableBytes() < length) {
            return new Incomplete();
        }
        if (command == LOCAL || family == 0) {
            return new Local(length);
        }
        int size = family == TCP4 ? 4 : family == TCP6 ? 16 : 0;
        if (size == 0 || following < size * 2 + 4) {
            return new Malformed();
        }
        byte[] source = new byte[size];
        in.getBytes(start + FIXED, source);
        return new Proxied(length, Addresses.plain(source), in.getUnsignedShort(start + FIXED + size * 2 + 2));
    }

    private static Result text(ByteBuf in) {
        int start = in.readerIndex();
        int window = Math.min(in.readableBytes(), LONGEST_TEXT);
        int lf = in.indexOf(start, start + window, (byte) '\n');
        if (lf < 0) {
            return window == LONGEST_TEXT ? new Malformed() : new Incomplete();
        }
        if (lf == start || in.getByte(lf - 1) != '\r') {
            return new Malformed();
        }
        int length = lf + 1 - start;
        String[] words =
                in.toString(start, length - 2, StandardCharsets.ISO_8859_1).split(" ", -1);
        return words.length >= 2 && words[1].equals("UNKNOWN") ? new Local(length) : addresses(words, length);
    }

    private static Result addresses(String[] words, int length) {
        if (words.length != 6 || !(words[1].equals("TCP4") || words[1].equals("TCP6"))) {
            return new Malformed();
        }
        boolean four = words[1].equals("TCP4");
        int sourcePort = port(words[4]);
        int destinationPort = port(words[5]);
        Optional<byte[]> source = address(four, words[2]);
        if (sourcePort < 0
                || destinationPort < 0
                || source.isEmpty()
                || address(four, words[3]).isEmpty()) {
            return new Malformed();
        }
        return new Proxied(length, source.get(), destinationPort);
    }

    private static Optional<byte[]> address(boolean four, String text) {
        return four == (text.indexOf(':') < 0) ? Addresses.parse(text) : Optional.empty();
    }

    private static int port(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(text) : -1;
        return port < 65536 ? port : -1;
    }
}
