package dev.linnet.machine.podproxy;

/** Finds the end of a body that comes in chunks, RFC 9112, 7.1, so that its bytes can be passed on as they are. */
final class ChunkScanner {
    /** Of extensions of a chunk, or of all trailers. */
    private static final int MAX_EXTRA = 64 * 1024;

    private static final int MAX_DIGITS = 15;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER,
        TRAILER_LF,
        END_LF,
        END
    }

    private State state = State.SIZE;
    private long left;
    private int digits;
    private int extra;

    boolean ended() {
        return state == State.END;
    }

    /** @return where it stopped: at {@code to}, or behind the body's last byte */
    int scan(byte[] bytes, int from, int to) throws Refusal {
        int at = from;
        while (at < to && state != State.END) {
            if (state == State.DATA) {
                int some = (int) Math.min(left, to - at);
                at += some;
                left -= some;
                if (left == 0) {
                    state = State.DATA_CR;
                }
            } else {
                state = next(bytes[at++]);
            }
        }
        return at;
    }

    private State next(byte b) throws Refusal {
        return switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> b == '\r' ? State.SIZE_LF : more(b, State.EXTENSION);
            case SIZE_LF -> expect('\n', b, left == 0 ? State.TRAILER_START : State.DATA);
            case DATA_CR -> expect('\r', b, State.DATA_LF);
            case DATA_LF -> {
                digits = 0;
                extra = 0;
                yield expect('\n', b, State.SIZE);
            }
            case TRAILER_START -> b == '\r' ? State.END_LF : more(b, State.TRAILER);
            case TRAILER -> b == '\r' ? State.TRAILER_LF : more(b, State.TRAILER);
            case TRAILER_LF -> expect('\n', b, State.TRAILER_START);
            case END_LF -> expect('\n', b, State.END);
            case DATA, END -> throw new IllegalStateException("not a state for a byte: " + state);
        };
    }

    private State size(byte b) throws Refusal {
        int digit = Character.digit(b, 16);
        if (digit >= 0 && digits < MAX_DIGITS) {
            left = left * 16 + digit;
            digits++;
            return State.SIZE;
        }
        if (digits > 0 && b == ';') {
            return State.EXTENSION;
        }
        if (digits > 0 && b == '\r') {
            return State.SIZE_LF;
        }
        throw malformed();
    }

    private State more(byte b, State same) throws Refusal {
        if (b == '\n' || ++extra > MAX_EXTRA) {
            throw malformed();
        }
        return same;
    }

    private static State expect(char wanted, byte b, State next) throws Refusal {
        if (b != wanted) {
            throw malformed();
        }
        return next;
    }

    private static Refusal malformed() {
        return new Refusal(400, "a body in chunks that is not well-formed");
    }
}
