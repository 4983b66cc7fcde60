package dev.linnet.gateway.http2;

import io.netty.util.AsciiString;

/** What names and values may consist of, and which names HTTP/2 has no room for (RFC 9113 §8.2). */
final class FieldCheck {
    private static final boolean[] NAME = new boolean[256];

    static {
        for (char c : "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz".toCharArray()) {
            NAME[c] = true;
        }
    }

    private FieldCheck() {}

    /** A token without capitals. */
    static boolean isName(AsciiString name) {
        byte[] bytes = name.array();
        int end = name.arrayOffset() + name.length();
        for (int i = name.arrayOffset(); i < end; i++) {
            if (!NAME[bytes[i] & 0xff]) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** No control character but a tab, and no blank at either end: what could not be told from the end of a line, or would be lost. */
    static boolean isValue(AsciiString value) {
        byte[] bytes = value.array();
        int start = value.arrayOffset();
        int end = start + value.length();
        if (start == end) {
            return true;
        }
        for (int i = start; i < end; i++) {
            byte b = bytes[i];
            if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
                return false;
            }
        }
        return !isBlank(bytes[start]) && !isBlank(bytes[end - 1]);
    }

    /** Nothing that could end a part of a request line. */
    static boolean isWord(AsciiString text) {
        byte[] bytes = text.array();
        int end = text.arrayOffset() + text.length();
        for (int i = text.arrayOffset(); i < end; i++) {
            byte b = bytes[i];
            if ((b >= 0 && b <= ' ') || b == 0x7f) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** Whether a name is about a connection of HTTP/1.1 and must not come in HTTP/2 (RFC 9113 §8.2.2). In lower case. */
    static boolean isOfConnection(AsciiString name) {
        return switch (name.length()) {
            case 7 -> is(name, "upgrade");
            case 10 -> is(name, "connection") || is(name, "keep-alive");
            case 14 -> is(name, "http2-settings");
            case 16 -> is(name, "proxy-connection");
            case 17 -> is(name, "transfer-encoding");
            default -> false;
        };
    }

    static boolean is(AsciiString text, String wanted) {
        int length = wanted.length();
        if (text.length() != length) {
            return false;
        }
        byte[] bytes = text.array();
        int start = text.arrayOffset();
        for (int i = 0; i < length; i++) {
            if (bytes[start + i] != wanted.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
