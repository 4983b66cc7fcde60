package dev.linnet.machine.podproxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** A server that does with each connection what the test says, and remembers what it was told. */
final class Backend implements AutoCloseable {

    interface Script {
        void play(InputStream in, OutputStream out) throws IOException;
    }

    private final ServerSocket server = new ServerSocket();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    final BlockingQueue<InetAddress> callers = new LinkedBlockingQueue<>();
    final BlockingQueue<String> heads = new LinkedBlockingQueue<>();

    Backend(InetAddress address, Script script) throws IOException {
        server.bind(new InetSocketAddress(address, 0));
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    connections.add(socket);
                    callers.add(socket.getInetAddress());
                    Thread.ofVirtual().start(() -> play(script, socket));
                } catch (IOException e) {
                    // The test has ended.
                }
            }
        });
    }

    /** Answers each request of a connection with what the text says. */
    static Backend answering(InetAddress address, String... answers) throws IOException {
        Backend[] self = new Backend[1];
        self[0] = new Backend(address, (in, out) -> {
            for (String answer : answers) {
                self[0].heads.add(head(in));
                out.write(answer.getBytes(ISO_8859_1));
            }
        });
        return self[0];
    }

    private static void play(Script script, Socket socket) {
        try (socket) {
            script.play(socket.getInputStream(), socket.getOutputStream());
        } catch (IOException e) {
            // The other side is gone, as some tests want it.
        }
    }

    InetAddress address() {
        return server.getInetAddress();
    }

    int port() {
        return server.getLocalPort();
    }

    /** Up to the empty line, as text. */
    static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("ended after: " + head);
            }
            head.append((char) b);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
