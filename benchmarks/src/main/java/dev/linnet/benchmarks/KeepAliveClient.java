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

    KeepAliveClient(int port, String host) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        in = new BufferedInputStream(socket.getInputStream());
        request = ("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Asks until the answer's body has this text. */
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
        String line = line();
        while (!line.isEmpty()) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).trim());
            }
            line = line();
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
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
