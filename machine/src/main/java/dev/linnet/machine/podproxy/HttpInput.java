package dev.linnet.machine.podproxy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What comes in on a connection, read as HTTP/1: heads as lines, bodies as the bytes that they are. */
final class HttpInput {
    private static final int BUFFER = 8 * 1024;
    private static final int MAX_HEAD = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;

    HttpInput(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /**
     * Waits until there is something to read.
     *
     * @return false when the sender has said all
     * @throws SocketTimeoutException when nothing comes in time
     */
    boolean await(Duration patience) throws IOException {
        if (position < limit) {
            return true;
        }
        socket.setSoTimeout(Math.toIntExact(Math.max(1, patience.toMillis())));
        position = 0;
        limit = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }

    /**
     * The lines of a head, without the empty one that ends it.
     *
     * @param patience for the whole of it
     */
    List<String> head(Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        int size = 0;
        while (true) {
            if (!await(Duration.ofNanos(end - System.nanoTime()))) {
                throw new EOFException("the connection ended within a head");
            }
            if (++size > MAX_HEAD) {
                throw new Refusal(431, "a head of more than " + MAX_HEAD + " bytes");
            }
            char c = (char) (buffer[position++] & 0xff);
            if (c != '\n') {
                line.append(c);
                continue;
            }
            if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
                throw new Refusal(400, "a line of a head ends without CR");
            }
            line.setLength(line.length() - 1);
            if (!line.isEmpty()) {
                lines.add(line.toString());
                line.setLength(0);
            } else if (!lines.isEmpty()) {
                // An empty line in front of a request line is overlooked, RFC 9112, 2.2.
                return lines;
            }
        }
    }

    /**
     * Passes a body on, as it comes.
     *
     * @param patience for each piece
     * @throws EOFException when it ends before its end
     */
    void copy(Framing framing, OutputStream out, Duration patience) throws IOException {
        switch (framing) {
            case Framing.None() -> {}
            case Framing.Length(long length) -> copy(length, out, patience);
            case Framing.UntilClose() -> {
                while (await(patience)) {
                    write(limit, out);
                }
            }
            case Framing.Chunked() -> {
                ChunkScanner scanner = new ChunkScanner();
                while (!scanner.ended()) {
                    require(patience);
                    write(scanner.scan(buffer, position, limit), out);
                }
            }
        }
    }

    private void copy(long length, OutputStream out, Duration patience) throws IOException {
        long left = length;
        while (left > 0) {
            require(patience);
            int some = (int) Math.min(left, limit - position);
            write(position + some, out);
            left -= some;
        }
    }

    private void require(Duration patience) throws IOException {
        if (!await(patience)) {
            throw new EOFException("the connection ended within a body");
        }
    }

    private void write(int to, OutputStream out) throws IOException {
        out.write(buffer, position, to - position);
        position = to;
    }

    /** Whether all that has been read was also used. */
    boolean isEmpty() {
        return position == limit;
    }

    /** Reads on for a while and forgets what comes, so that the sender finds time for what it was sent. */
    void discard(Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end && await(Duration.ofNanos(end - System.nanoTime()))) {
            position = limit;
        }
    }

    /** Passes on what has been read ahead. */
    void flushTo(OutputStream out) throws IOException {
        write(limit, out);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
