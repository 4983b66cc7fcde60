package dev.linnet.apiserver.kinds;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses in text form. Nothing here asks a name server. */
final class IpAddresses {
    private static final Pattern V4 =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){3}");
    private static final Pattern V6_CHARACTERS = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    private IpAddresses() {}

    static boolean isValid(String text) {
        return isV4(text) || isV6(text);
    }

    /**
     * Why nobody's endpoint can have this address, in the words of a real API server. Loopback addresses are not told of here:
     * see {@link EndpointRules}.
     */
    static Optional<String> specialButLoopback(String text) {
        Optional<InetAddress> parsed = isValid(text) ? Optional.of(InetAddress.ofLiteral(text)) : Optional.empty();
        return parsed.flatMap(address -> {
            if (address.isAnyLocalAddress()) {
                return Optional.of("may not be unspecified (" + text + ")");
            }
            if (address.isLinkLocalAddress()) {
                return Optional.of("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
            }
            byte[] bytes = address.getAddress();
            boolean linkLocalGroup = bytes.length == 4
                    ? (bytes[0] & 0xff) == 224 && bytes[1] == 0 && bytes[2] == 0
                    : address.isMCLinkLocal();
            return linkLocalGroup
                    ? Optional.of("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
                    : Optional.empty();
        });
    }

    /** As {@link #specialButLoopback}, for addresses outside of this machine. */
    static Optional<String> special(String text) {
        boolean loopback = isValid(text) && InetAddress.ofLiteral(text).isLoopbackAddress();
        return loopback
                ? Optional.of("may not be in the loopback range (127.0.0.0/8, ::1/128)")
                : specialButLoopback(text);
    }

    /** {@code 10.0.0.0/8}; what is wrong with it, see {@link Names}. */
    static List<String> cidr(String text) {
        int slash = text.indexOf('/');
        String address = text.substring(0, Math.max(slash, 0));
        String bits = text.substring(slash + 1);
        boolean valid =
                isValid(address) && bits.matches("\\d{1,3}") && Integer.parseInt(bits) <= (isV4(address) ? 32 : 128);
        return valid ? List.of() : List.of("must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
    }

    static boolean isV4(String text) {
        return V4.matcher(text).matches();
    }

    /** Only what is written in IPv6's characters is parsed, so that no name is ever looked up. */
    static boolean isV6(String text) {
        if (!V6_CHARACTERS.matcher(text).matches()) {
            return false;
        }
        try {
            // One that stands for an address of the other family is not one of this.
            return InetAddress.ofLiteral(text) instanceof Inet6Address;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
