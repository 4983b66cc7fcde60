package dev.linnet.gateway;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that keeps its connection as long as it is allowed to. Cheaper than a {@link Conversation}, so that there may be many. */
final class Visitor implements AutoCloseable {
    private static final int PIECE = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] piece = new byte[PIECE];
    private boolean mayStay = true;

    /**
     * What came back.
     *
     * @param pod   who has answered; empty if nobody says so
     * @param heard what it makes of the request's body
     * @param start of the body
     * @param whole whether the body has come to its end
     */
    record Answer(int status, String pod, String heard, String start, boolean whole) {}

    Visitor(Socket connected) throws IOException {
        this.socket = connected;
        connected.setSoTimeout((int) Conversation.PATIENCE.toMillis());
        connected.setTcpNoDelay(true);
        this.in = new BufferedInputStream(connected.getInputStream());
        this.out = connected.getOutputStream();
    }

    Answer get(String host, String path, String... headers) throws IOException {
        send(Conversation.head("GET", host, path, headers));
        return readAnswer(Pace.unlimited());
    }

    /** @param chunk how much goes into each chunk; 0 announces the length instead */
    Answer post(String host, String body, int chunk) throws IOException {
        if (chunk == 0) {
            send(Conversation.head("POST", host, "/", "Content-Length: " + body.length()) + body);
            return readAnswer(Pace.unlimited());
        }
        send(Conversation.head("POST", host, "/", "Transfer-Encoding: chunked"));
        for (int from = 0; from < body.length(); from += chunk) {
            String piece = body.substring(from, Math.min(body.length(), from + chunk));
            send(Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n");
        }
        send("0\r\n\r\n");
        return readAnswer(Pace.unlimited());
    }

    void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** @param pieces how fast the body is read */
    Answer readAnswer(Pace pieces) throws IOException {
        String line = readLine(in);
        if (line.isEmpty()) {
            throw new EOFException("no answer");
        }
        int status = Integer.parseInt(line.substring(9, 12));
        String pod = "";
        String heard = "";
        long length = 0;
        for (line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "x-pod" -> pod = value;
                case "x-heard" -> heard = value;
                case "content-length" -> length = Long.parseLong(value);
                case "connection" -> mayStay = !value.equals("close");
                default -> {}
            }
        }
        Answer begun = new Answer(status, pod, heard, "", false);
        return readBody(begun, length, pieces);
    }

    private Answer readBody(Answer begun, long length, Pace pieces) throws IOException {
        String start = "";
        for (long left = length; left > 0; ) {
            pieces.await();
            int count = readPiece((int) Math.min(left, PIECE));
            if (count <= 0) {
                mayStay = false;
                return new Answer(begun.status, begun.pod, begun.heard, start, false);
            }
            if (start.isEmpty()) {
                start = new String(piece, 0, Math.min(count, 100), StandardCharsets.US_ASCII);
            }
            left -= count;
        }
        return new Answer(begun.status, begun.pod, begun.heard, start, true);
    }

    private int readPiece(int most) {
        try {
            return in.readNBytes(piece, 0, most);
        } catch (IOException e) {
            return -1; // reset: the body is cut
        }
    }

    /** Without its end; empty also at the end of all. */
    static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    /** Whether another request is welcome on this connection. */
    boolean mayStay() {
        return mayStay;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
