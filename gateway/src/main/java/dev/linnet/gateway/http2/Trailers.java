package dev.linnet.gateway.http2;

import static dev.linnet.gateway.http2.Bytes.ascii;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** Trailers as fields, and as the lines behind the last chunk of an HTTP/1.1 body. */
final class Trailers {
    private static final byte[] LAST_CHUNK = ascii("0\r\n");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] COLON = ascii(": ");

    private Trailers() {}

    /** Whether they may be passed on as lines: there are no pseudo-fields in trailers (RFC 9113 §8.1). */
    static boolean areSound(FieldList fields) {
        for (int i = 0; i < fields.size(); i++) {
            boolean sound = FieldCheck.isName(fields.name(i))
                    && FieldCheck.isValue(fields.value(i))
                    && !FieldCheck.isOfConnection(fields.name(i));
            if (!sound) {
                return false;
            }
        }
        return true;
    }

    /** The end of a chunked body, with them. */
    static ByteBuf writeEnd(FieldList fields, ByteBuf out) {
        out.writeBytes(LAST_CHUNK);
        for (int i = 0; i < fields.size(); i++) {
            write(fields.name(i), out).writeBytes(COLON);
            write(fields.value(i), out).writeBytes(CRLF);
        }
        return out.writeBytes(CRLF);
    }

    private static ByteBuf write(AsciiString text, ByteBuf out) {
        return out.writeBytes(text.array(), text.arrayOffset(), text.length());
    }

    /** From lines that were checked when they came. */
    static FieldList read(byte[] lines) {
        FieldList fields = new FieldList();
        String text = new String(lines, StandardCharsets.ISO_8859_1);
        for (String line : text.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                AsciiString name = new AsciiString(line.substring(0, colon)).toLowerCase();
                if (!FieldCheck.isOfConnection(name)) {
                    fields.put(name, latin1(line.substring(colon + 1).strip()));
                }
            }
        }
        return fields;
    }

    private static AsciiString latin1(String text) {
        return new AsciiString(text.getBytes(StandardCharsets.ISO_8859_1), false);
    }
}
