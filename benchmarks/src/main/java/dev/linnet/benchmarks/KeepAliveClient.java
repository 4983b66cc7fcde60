package dev.linnet.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One connection that asks again and again, as fast as it is answered: it sees a change within one round trip. */
final class KeepAliveClient implements AutoCloseable {
    private static final long PATIENCE = 20_000_000_000L;

    private final Socket socket;
    private final InputStream in;
    private final byte[] request;
    private final String header;

    /** Looks at bodies. */
    KeepAliveClient(int port, String host) throws IOException {
        this(port, host, "/", "");
    }

    /** Looks at the value of this header ({@code "X-Version: "}), at bodies if it is empty. */
    KeepAliveClient(int port, String host, String path, String header) throws IOException {
        this.header = header;
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        in = new BufferedInputStream(socket.getInputStream());
        request = ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Asks until the answer has this text. */
    void await(String text) throws IOException {
        long end = System.nanoTime() + PATIENCE;
        String last = "";
        while (System.nanoTime() < end) {
            last = ask();
            if (last.contains(text)) {
                return;
            }
        }
        throw new IOException("no answer with '" + text + "' came; the last one was: " + last);
    }

    private String ask() throws IOException {
        socket.getOutputStream().write(request);
        int length = 0;
        String value = "";
        String line = line();
        while (!line.isEmpty()) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).trim());
            }
            value = !header.isEmpty() && line.startsWith(header) ? line.substring(header.length()) : value;
            line = line();
        }
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return header.isEmpty() ? body : value;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next != '\n') {
            if (next < 0) {
                throw new IOException("the gateway closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
            next = in.read();
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
