package dev.linnet.apiserver.cel;

import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.linnet.apiserver.kinds.Names;
import java.math.BigInteger;
import java.net.InetAddress;

/**
 * An IP address in a rule.
 *
 * @param bits its value; an IPv6 address may be small, so the family is kept
 */
record Address(BigInteger bits, boolean isV4) {
    private static final BigInteger V4_BROADCAST = BigInteger.valueOf(0xffff_ffffL);

    /** @throws CelInvalidArgumentException for what is no address, or one of IPv4 written as IPv6 */
    static Address parse(String text) {
        if (!Names.ip(text).isEmpty()) {
            throw new CelInvalidArgumentException("IP Address \"" + text
                    + "\" parse error during conversion from string: ParseAddr(\"" + text
                    + "\"): unable to parse IP");
        }
        boolean v4 = !text.contains(":");
        byte[] bytes = InetAddress.ofLiteral(text).getAddress();
        // The JDK makes an IPv4 address of one that is mapped into IPv6.
        if (!v4 && bytes.length == 4) {
            throw new CelInvalidArgumentException("IPv4-mapped IPv6 address \"" + text + "\" is not allowed");
        }
        return new Address(new BigInteger(1, bytes), v4);
    }

    static boolean isValid(String text) {
        try {
            parse(text);
            return true;
        } catch (CelInvalidArgumentException _) {
            return false;
        }
    }

    int size() {
        return isV4 ? 32 : 128;
    }

    boolean isUnspecified() {
        return bits.signum() == 0;
    }

    boolean isLoopback() {
        return isV4 ? starts(8, 127) : bits.equals(BigInteger.ONE);
    }

    boolean isLinkLocalMulticast() {
        return isV4
                ? starts(24, 0xe00000)
                : starts(8, 0xff) && bits.shiftRight(112).intValue() % 16 == 2;
    }

    boolean isLinkLocalUnicast() {
        return isV4 ? starts(16, 0xa9fe) : starts(10, 0xfe80 >> 6);
    }

    boolean isGlobalUnicast() {
        boolean multicast = isV4 ? starts(4, 14) : starts(8, 0xff);
        return !isUnspecified()
                && !isLoopback()
                && !multicast
                && !isLinkLocalUnicast()
                && !(isV4 && bits.equals(V4_BROADCAST));
    }

    private boolean starts(int length, int prefix) {
        return bits.shiftRight(size() - length).equals(BigInteger.valueOf(prefix));
    }

    /** In the canonical form of RFC 5952. */
    @Override
    public String toString() {
        return isV4 ? dotted() : Ipv6Text.of(bits);
    }

    private String dotted() {
        long value = bits.longValue();
        return (value >> 24) + "." + (value >> 16 & 255) + "." + (value >> 8 & 255) + "." + (value & 255);
    }
}
