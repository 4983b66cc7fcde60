package dev.linnet.gateway.http;

import java.nio.charset.StandardCharsets;

/** The value of an {@code Upgrade} header. */
final class UpgradeField {
    private static final byte[] H2C = "h2c".getBytes(StandardCharsets.US_ASCII);

    private UpgradeField() {}

    /** Whether one of the protocols is HTTP, in any version, or something that is not a protocol. */
    static boolean namesHttp2(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end) {
            int stop = at;
            while (stop < end && Octets.token(bytes[stop]) != 0) {
                stop++;
            }
            if (stop == at || Octets.is(H2C, bytes, at, stop) || isHttp(bytes, at, stop)) {
                return true;
            }
            while (stop < end && bytes[stop] != ',') {
                stop++;
            }
            at = stop + 1;
            while (at < end && Octets.isBlank(bytes[at])) {
                at++;
            }
        }
        return start == end;
    }

    private static boolean isHttp(byte[] bytes, int start, int end) {
        return end - start >= 4
                && (bytes[start] | 0x20) == 'h'
                && (bytes[start + 1] | 0x20) == 't'
                && (bytes[start + 2] | 0x20) == 't'
                && (bytes[start + 3] | 0x20) == 'p';
    }
}
