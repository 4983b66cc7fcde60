package dev.linnet.gateway.exchange;

import java.nio.charset.StandardCharsets;

/** A path as it may stand in a header: everything but what RFC 3986 §3.3 allows is percent-encoded. */
final class PathText {
    private static final String UNENCODED = "-._~!$&'()*+,;=:@/";

    private PathText() {}

    static String encoded(String path) {
        StringBuilder encoded = new StringBuilder(path.length());
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > 0 && (Character.isLetterOrDigit(b) || UNENCODED.indexOf(b) >= 0);
            if (plain) {
                encoded.append((char) b);
            } else {
                encoded.append(String.format("%%%02X", b));
            }
        }
        return encoded.toString();
    }
}
