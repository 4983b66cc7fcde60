package dev.linnet.gateway.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Follows a chunked body through any cuts (RFC 9112 §7.1) and checks each byte of its framing, so that it can be passed on as it
 * is. Chunk data is skipped, not looked at.
 */
public final class ChunkedBody implements Body {
    private static final int LONGEST_SIZE = 15;
    private static final int LONGEST_EXTENSION = 256;
    private static final int LONGEST_TRAILERS = 8 * 1024;
    private static final int LONGEST_KNOWN_NAME = 32;

    private State state = State.SIZE_START;
    private long left;
    private int length;
    private int trailerBytes;
    private long dataBytes;
    private final byte[] name = new byte[LONGEST_KNOWN_NAME];
    private int nameLength;
    private Rejection rejection = Rejection.NONE;
    private final boolean keepsTrailers;
    private byte[] trailers = {};

    private enum State {
        SIZE_START,
        SIZE,
        EXTENSION_START,
        EXTENSION_NAME,
        EXTENSION_VALUE_START,
        EXTENSION_VALUE,
        EXTENSION_QUOTED,
        EXTENSION_ESCAPED,
        EXTENSION_END,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        LINE_START,
        NAME,
        VALUE,
        VALUE_LF,
        LAST_LF,
        DONE,
        MALFORMED
    }

    public ChunkedBody() {
        this(false);
    }

    private ChunkedBody(boolean keepsTrailers) {
        this.keepsTrailers = keepsTrailers;
    }

    /** One that keeps the trailers for whoever frames them otherwise. */
    public static ChunkedBody keepingTrailers() {
        return new ChunkedBody(true);
    }

    /** Whole lines, each with its end, and behind them an empty one; once the body is done. */
    public byte[] trailers() {
        return Arrays.copyOf(trailers, Math.min(trailerBytes, trailers.length));
    }

    @Override
    public boolean isDone() {
        return state == State.DONE;
    }

    @Override
    public Rejection rejection() {
        return rejection;
    }

    @Override
    public int pass(ByteBuf in) {
        int end = in.writerIndex();
        int at = in.readerIndex();
        while (at < end && state != State.DONE && state != State.MALFORMED) {
            at = skipFraming(in, at, end);
            at += passData(end - at);
        }
        return at - in.readerIndex();
    }

    /**
     * Moves the buffer to the next data, past the framing.
     *
     * @return how many bytes of data are readable there, taken note of as passed; 0 if there are none left in this buffer
     */
    public int nextData(ByteBuf in) {
        in.readerIndex(skipFraming(in, in.readerIndex(), in.writerIndex()));
        return passData(in.readableBytes());
    }

    /** How much data has been passed, without framing. */
    public long dataBytes() {
        return dataBytes;
    }

    private int passData(int readable) {
        if (state != State.DATA) {
            return 0;
        }
        int data = (int) Math.min(left, readable);
        left -= data;
        dataBytes += data;
        state = left == 0 ? State.DATA_CR : State.DATA;
        return data;
    }

    /** Follows framing up to the next data, the end of the body, or the end of what there is. Answers where that is. */
    private int skipFraming(ByteBuf in, int from, int end) {
        int at = from;
        while (at < end && state != State.DATA && state != State.DONE && state != State.MALFORMED) {
            state = next(in.getByte(at));
            at++;
        }
        return at;
    }

    private State next(byte b) {
        return switch (state) {
            case SIZE_START -> sizeStart(b);
            case SIZE -> size(b);
            case EXTENSION_START, EXTENSION_NAME, EXTENSION_VALUE_START, EXTENSION_VALUE -> extension(b);
            case EXTENSION_QUOTED, EXTENSION_ESCAPED, EXTENSION_END -> extension(b);
            case SIZE_LF -> sizeEnd(b);
            case DATA_CR -> b == '\r' ? State.DATA_LF : malformed(Rejection.CHUNK);
            case DATA_LF -> b == '\n' ? State.SIZE_START : malformed(Rejection.CHUNK);
            case LINE_START, NAME, VALUE, VALUE_LF, LAST_LF -> trailer(b);
            case DATA, DONE, MALFORMED -> throw new IllegalStateException("no framing in state " + state);
        };
    }

    private State malformed(Rejection why) {
        rejection = why;
        return State.MALFORMED;
    }

    private State sizeStart(byte b) {
        left = 0;
        length = 0;
        return Character.digit(b, 16) < 0 ? malformed(Rejection.CHUNK) : size(b);
    }

    private State size(byte b) {
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            left = (left << 4) | digit;
            length++;
            return length > LONGEST_SIZE ? malformed(Rejection.CHUNK) : State.SIZE;
        }
        length = 0;
        return switch (b) {
            case ';' -> State.EXTENSION_START;
            case '\r' -> State.SIZE_LF;
            default -> malformed(Rejection.CHUNK);
        };
    }

    /** Nobody needs extensions, and servers differ in where a strange one ends: only what the grammar says, without blanks (§7.1.1). */
    private State extension(byte b) {
        length++;
        if (length > LONGEST_EXTENSION) {
            return malformed(Rejection.CHUNK);
        }
        boolean token = Octets.token(b) != 0;
        return switch (state) {
            case EXTENSION_START -> token ? State.EXTENSION_NAME : malformed(Rejection.CHUNK);
            case EXTENSION_NAME ->
                token ? State.EXTENSION_NAME : b == '=' ? State.EXTENSION_VALUE_START : extensionEnd(b);
            case EXTENSION_VALUE_START ->
                token ? State.EXTENSION_VALUE : b == '"' ? State.EXTENSION_QUOTED : malformed(Rejection.CHUNK);
            case EXTENSION_VALUE -> token ? State.EXTENSION_VALUE : extensionEnd(b);
            case EXTENSION_QUOTED -> quoted(b);
            case EXTENSION_ESCAPED -> Octets.isControl(b) ? malformed(Rejection.CHUNK) : State.EXTENSION_QUOTED;
            default -> extensionEnd(b);
        };
    }

    private State quoted(byte b) {
        return switch (b) {
            case '"' -> State.EXTENSION_END;
            case '\\' -> State.EXTENSION_ESCAPED;
            default -> Octets.isControl(b) ? malformed(Rejection.CHUNK) : State.EXTENSION_QUOTED;
        };
    }

    private State extensionEnd(byte b) {
        return switch (b) {
            case ';' -> State.EXTENSION_START;
            case '\r' -> State.SIZE_LF;
            default -> malformed(Rejection.CHUNK);
        };
    }

    private State sizeEnd(byte b) {
        if (b != '\n') {
            return malformed(Rejection.CHUNK);
        }
        return left == 0 ? State.LINE_START : State.DATA;
    }

    private State trailer(byte b) {
        trailerBytes++;
        if (trailerBytes > LONGEST_TRAILERS) {
            return malformed(Rejection.TRAILER);
        }
        if (keepsTrailers) {
            keep(b);
        }
        return switch (state) {
            case LINE_START -> {
                nameLength = 0;
                yield b == '\r' ? State.LAST_LF : name(b);
            }
            case NAME -> b == ':' ? nameEnd() : name(b);
            case VALUE -> value(b);
            case VALUE_LF -> b == '\n' ? State.LINE_START : malformed(Rejection.TRAILER);
            default -> b == '\n' ? State.DONE : malformed(Rejection.TRAILER);
        };
    }

    private void keep(byte b) {
        if (trailerBytes > trailers.length) {
            trailers = Arrays.copyOf(trailers, Math.max(128, 2 * trailers.length));
        }
        trailers[trailerBytes - 1] = b;
    }

    private State name(byte b) {
        if (Octets.token(b) == 0) {
            return malformed(Rejection.TRAILER);
        }
        if (nameLength < LONGEST_KNOWN_NAME) {
            name[nameLength] = b;
        }
        nameLength++;
        return State.NAME;
    }

    private State nameEnd() {
        boolean allowed =
                nameLength > LONGEST_KNOWN_NAME || Field.of(name, 0, nameLength).isAllowedInTrailer();
        return allowed ? State.VALUE : malformed(Rejection.TRAILER);
    }

    private State value(byte b) {
        if (b == '\r') {
            return State.VALUE_LF;
        }
        return Octets.isControl(b) ? malformed(Rejection.TRAILER) : State.VALUE;
    }
}
