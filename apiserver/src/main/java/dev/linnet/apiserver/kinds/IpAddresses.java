package dev.linnet.apiserver.kinds;

import java.net.InetAddress;
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

    static boolean isV4(String text) {
        return V4.matcher(text).matches();
    }

    /** Only what is written in IPv6's characters is parsed, so that no name is ever looked up. */
    static boolean isV6(String text) {
        if (!V6_CHARACTERS.matcher(text).matches()) {
            return false;
        }
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
