package dev.linnet.routing.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** IP addresses as text and as bytes. IPv4 that is mapped into IPv6 is IPv4, so that no rule can be walked round that way. */
public final class Addresses {
    private static final int LONGEST = 45;

    private Addresses() {}

    /** Four or sixteen bytes; empty for anything but an address in its usual form, so for names, zones, octal and short forms. */
    public static Optional<byte[]> parse(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return Optional.empty();
        }
        return text.indexOf(':') < 0 ? four(text) : sixteen(text);
    }

    private static Optional<byte[]> four(String text) {
        byte[] address = new byte[4];
        int part = 0;
        int digits = 0;
        int value = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '.' : text.charAt(i);
            if (c == '.') {
                if (digits == 0 || part == 4) {
                    return Optional.empty();
                }
                address[part++] = (byte) value;
                digits = 0;
                value = 0;
            } else if (c < '0' || c > '9' || (digits > 0 && value == 0)) {
                return Optional.empty();
            } else {
                value = value * 10 + c - '0';
                digits++;
                if (value > 255) {
                    return Optional.empty();
                }
            }
        }
        return part == 4 ? Optional.of(address) : Optional.empty();
    }

    private static Optional<byte[]> sixteen(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text).getAddress());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The IPv4 address that an IPv6 one may stand for, else itself. */
    public static byte[] plain(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getAddress();
        } catch (UnknownHostException e) {
            throw wrongLength(address, e);
        }
    }

    private static IllegalArgumentException wrongLength(byte[] address, UnknownHostException cause) {
        return new IllegalArgumentException("an address of " + address.length + " bytes (expected: 4 or 16)", cause);
    }

    /** The usual text of an address. */
    public static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw wrongLength(address, e);
        }
    }
}
