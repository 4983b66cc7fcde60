package dev.linnet.cli.up;

import java.io.IOException;
import java.io.OutputStream;

/** Hands many lines that are written at once over one by one, as the log of a container wants them. */
final class LineByLine extends OutputStream {
    private final OutputStream to;

    LineByLine(OutputStream to) {
        this.to = to;
    }

    @Override
    public void write(int b) throws IOException {
        to.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\n') {
                to.write(bytes, from, i + 1 - from);
                from = i + 1;
            }
        }
        if (from < offset + length) {
            to.write(bytes, from, offset + length - from);
        }
    }

    @Override
    public void flush() throws IOException {
        to.flush();
    }
}
