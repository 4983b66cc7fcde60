package dev.linnet.machine.node.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;

/**
 * Where a container writes. Each line gets the time at which it began; a line that never ends is cut, so that memory stays
 * bounded.
 */
public final class ContainerLog extends OutputStream {

    private static final int LONGEST_LINE = 64 * 1024;

    private final LogFiles files;
    private final InstantSource clock;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);

    ContainerLog(LogFiles files, InstantSource clock) {
        this.files = files;
        this.clock = clock;
    }

    LogFiles files() {
        return files;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            boolean ends = bytes[i] == '\n';
            if (ends || line.size() + i - from >= LONGEST_LINE) {
                add(bytes, from, i);
                finishLine();
                from = ends ? i + 1 : i;
            }
        }
        add(bytes, from, offset + length);
    }

    private void add(byte[] bytes, int from, int to) {
        if (to > from) {
            begin();
            line.write(bytes, from, to - from);
        }
    }

    private void begin() {
        if (line.size() == 0) {
            line.writeBytes(LogTime.bytes(clock.instant()));
        }
    }

    private void finishLine() throws IOException {
        begin();
        line.write('\n');
        byte[] whole = line.toByteArray();
        line.reset();
        files.append(whole);
    }

    /** Writes what is left of a line that has no end, and lets readers know that no more will come. */
    @Override
    public synchronized void close() throws IOException {
        if (line.size() > 0) {
            finishLine();
        }
        files.close();
    }
}
