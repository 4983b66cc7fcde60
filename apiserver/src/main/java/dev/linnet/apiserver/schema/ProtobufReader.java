package dev.linnet.apiserver.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** A cursor over protobuf's wire format. Refuses what ends too early with {@link Malformed}. */
final class ProtobufReader {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private final byte[] body;
    private final int end;
    private int at;

    /** The bytes are no protobuf message. */
    static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    ProtobufReader(byte[] body, int from, int end) {
        this.body = body;
        this.at = from;
        this.end = end;
    }

    boolean hasMore() {
        return at < end;
    }

    /** A field's number and wire type: number in the upper bits, type in the lower three. */
    int tag() {
        long tag = varint();
        if (tag <= 0 || tag > 0xFFFF_FFFFL) {
            throw new Malformed("tag " + tag + " at byte " + at + " is out of range");
        }
        return (int) tag;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            need(1);
            byte next = body[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new Malformed("number longer than 64 bits at byte " + at);
    }

    double fixed64() {
        need(Long.BYTES);
        long bits = 0;
        for (int index = 0; index < Long.BYTES; index++) {
            bits |= (long) (body[at++] & 0xFF) << (Byte.SIZE * index);
        }
        return Double.longBitsToDouble(bits);
    }

    byte[] bytes() {
        int length = length();
        at += length;
        return Arrays.copyOfRange(body, at - length, at);
    }

    String text() {
        int length = length();
        at += length;
        return new String(body, at - length, length, UTF_8);
    }

    /** The message that stands here, as a cursor of its own. */
    ProtobufReader message() {
        int length = length();
        at += length;
        return new ProtobufReader(body, at - length, at);
    }

    void skip(int wireType) {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> advance(Long.BYTES);
            case BYTES -> advance(length());
            case FIXED32 -> advance(Integer.BYTES);
            default -> throw new Malformed("wire type " + wireType + " at byte " + at + " is not supported");
        }
    }

    private void advance(int count) {
        need(count);
        at += count;
    }

    private int length() {
        long length = varint();
        if (length < 0 || length > end - at) {
            throw new Malformed("length " + length + " at byte " + at + " exceeds the message");
        }
        return (int) length;
    }

    private void need(int count) {
        if (count > end - at) {
            throw new Malformed("message ends at byte " + end + " within a value");
        }
    }
}
