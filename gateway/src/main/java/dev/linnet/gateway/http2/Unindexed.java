package dev.linnet.gateway.http2;

import io.netty.util.AsciiString;

/** Fields that HPACK's table is not to remember: they differ each time, are long, or are somebody's secret (RFC 7541 §7.1.3). */
final class Unindexed {
    private static final int LONG = 64;

    private Unindexed() {}

    static boolean isUnindexed(CharSequence name, CharSequence value) {
        if (value.length() > LONG) {
            return true;
        }
        AsciiString text = AsciiString.of(name);
        return switch (text.length()) {
            case 3 -> FieldCheck.is(text, "age");
            case 4 -> FieldCheck.is(text, "etag");
            case 5 -> FieldCheck.is(text, ":path");
            case 6 -> FieldCheck.is(text, "cookie");
            case 8 -> FieldCheck.is(text, "location");
            case 10 -> FieldCheck.is(text, "set-cookie");
            case 12 -> FieldCheck.is(text, "x-request-id");
            case 13 -> FieldCheck.is(text, "authorization") || FieldCheck.is(text, "last-modified");
            case 14 -> FieldCheck.is(text, "content-length");
            default -> false;
        };
    }
}
