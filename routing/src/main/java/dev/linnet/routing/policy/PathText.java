package dev.linnet.routing.policy;

import java.nio.charset.StandardCharsets;

/** A path as it may stand in a head: everything but what RFC 3986 §3.3 allows is percent-encoded. */
public final class PathText {
    private static final String UNENCODED = "-._~!$&'()*+,;=:@/";
    private static final String HEX = "0123456789ABCDEF";

    private PathText() {}

    public static String encoded(String path) {
        return encoded(path.getBytes(StandardCharsets.UTF_8));
    }

    static String encoded(byte[] path) {
        StringBuilder encoded = new StringBuilder(path.length);
        for (byte b : path) {
            if (isPlain(b)) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.charAt((b >> 4) & 0xf)).append(HEX.charAt(b & 0xf));
            }
        }
        return encoded.toString();
    }

    private static boolean isPlain(byte b) {
        boolean alphanumeric = (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
        return alphanumeric || (b > 0 && UNENCODED.indexOf(b) >= 0);
    }
}
