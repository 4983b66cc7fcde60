package dev.linnet.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One end of a TCP connection, spoken by hand. Waits at most ten seconds for anything. */
final class Conversation implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Conversation(Socket socket) {
        try {
            this.socket = socket;
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.setTcpNoDelay(true);
            this.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            this.out = socket.getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Conversation with(InetSocketAddress address) {
        return with(address, 0);
    }

    /** With a receive buffer of this size, 0 for the system's. */
    static Conversation with(InetSocketAddress address, int receiveBuffer) {
        try {
            Socket socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(address, (int) PATIENCE.toMillis());
            return new Conversation(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Up to and with the empty line. */
    static String head(String method, String host, String path, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    Response get(String host, String path, String... headers) {
        return send(head("GET", host, path, headers)).readResponse();
    }

    Conversation send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Conversation send(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Conversation sendByteByByte(String text) {
        for (int i = 0; i < text.length(); i++) {
            send(text.substring(i, i + 1));
        }
        return this;
    }

    /** Up to and with the empty line. */
    String readHead() {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!endsWithEmptyLine(head)) {
            int b = read();
            if (b < 0) {
                throw new UncheckedIOException(
                        new EOFException("end after: " + head.toString(StandardCharsets.ISO_8859_1)));
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static boolean endsWithEmptyLine(ByteArrayOutputStream head) {
        return head.size() >= 4 && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n");
    }

    private int read() {
        try {
            return in.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String read(int length) {
        try {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException("end after " + bytes.length + " of " + length + " bytes");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads and drops so many bytes. */
    void skip(long length) {
        try {
            in.skipNBytes(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A chunked body, raw, up to and with its last line. */
    String readChunked() {
        StringBuilder raw = new StringBuilder();
        while (true) {
            String line = readLine();
            raw.append(line);
            int size = Integer.parseInt(line.strip().split(";", 2)[0], 16);
            if (size == 0) {
                break;
            }
            raw.append(read(size + 2));
        }
        for (String line = readLine(); ; line = readLine()) {
            raw.append(line);
            if (line.equals("\r\n")) {
                return raw.toString();
            }
        }
    }

    private String readLine() {
        StringBuilder line = new StringBuilder();
        while (line.length() < 2 || line.charAt(line.length() - 1) != '\n') {
            int b = read();
            if (b < 0) {
                throw new UncheckedIOException(new EOFException("end after: " + line));
            }
            line.append((char) b);
        }
        return line.toString();
    }

    /** A response with a length. */
    Response readResponse() {
        String head = readHead();
        String lower = head.toLowerCase(java.util.Locale.ROOT);
        int at = lower.indexOf("\r\ncontent-length: ");
        if (at >= 0) {
            int length = Integer.parseInt(lower.substring(at + 18, lower.indexOf("\r\n", at + 18)));
            return new Response(head, read(length));
        }
        return new Response(head, lower.contains("\r\ntransfer-encoding: chunked") ? readChunked() : "");
    }

    /**
     * What a peer answered.
     *
     * @param body raw, so chunked if it was
     */
    record Response(String head, String body) {
        int status() {
            return Integer.parseInt(head.substring(9, 12));
        }
    }

    /** All that comes until the peer closes. */
    String readToEnd() {
        try {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the peer ends the connection without sending anything more; a reset counts. */
    boolean isClosedByPeer() {
        try {
            return in.read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Whether the peer resets the connection, perhaps after sending more. */
    boolean isResetByPeer() {
        try {
            in.readAllBytes();
            return false;
        } catch (java.net.SocketTimeoutException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            return true;
        }
    }

    Conversation endOutput() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
