package dev.linnet.gateway;

import dev.linnet.gateway.feed.Shop;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An endpoint that answers each request with the name of its Service, names itself in {@code X-Pod}, and tells in {@code X-Heard} what it
 * makes of the body. It can crash, and start again where it was. On an address of its own, so that nobody takes its port meanwhile.
 */
final class Pod implements AutoCloseable {
    static final int BIG = 4 * 1024 * 1024;

    /** So that it takes as long to send a big body as to read it. */
    private static final int SEND_BUFFER = 64 * 1024;

    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private final String service;
    private final String name;
    private final InetSocketAddress address;
    private volatile Life life;

    /** From a start to a crash. */
    private record Life(String pod, int number, ServerSocket server, Set<Socket> connections) {
        String name() {
            return pod + "/" + number;
        }

        void end() {
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            connections.forEach(Pod::reset);
        }
    }

    private Pod(String service, String name) {
        this.service = service;
        this.name = name;
        try {
            int number = ADDRESSES.incrementAndGet();
            InetAddress own = InetAddress.getByName("127.88." + number / 250 + "." + (number % 250 + 1));
            this.life = begin(new InetSocketAddress(own, 0), 1);
            this.address = (InetSocketAddress) life.server().getLocalSocketAddress();
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param number makes the name unique among those of the Service */
    static Pod of(String service, int number) {
        return new Pod(service, service + "-" + number);
    }

    /** What Kubernetes says of it while it is ready. */
    EndpointSlice slice() {
        return new EndpointSliceBuilder(
                        Shop.slice(name, service, address.getAddress().getHostAddress()))
                .editPort(0)
                .withPort(address.getPort())
                .endPort()
                .build();
    }

    private Life begin(InetSocketAddress at, int number) {
        try {
            ServerSocket server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(at, 1024);
            Life begun = new Life(name, number, server, ConcurrentHashMap.newKeySet());
            Thread.ofVirtual().start(() -> accept(begun));
            return begun;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (SocketException _) {
            // whoever served it has just closed it: there is nothing left to reset
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends without a word to anybody: connections are reset, new ones refused. */
    void crash() {
        life.end();
    }

    /** Starts once more, where it was. */
    void startAgain() {
        life = begin(address, life.number() + 1);
    }

    boolean isAlive() {
        return !life.server().isClosed();
    }

    /** Whether what calls itself so in {@code X-Pod} has crashed since. */
    boolean hasCrashed(String self) {
        Life now = life;
        return isNamedIn(self) && !(now.name().equals(self) && !now.server().isClosed());
    }

    private boolean isNamedIn(String self) {
        return self.startsWith(name + "/");
    }

    private void accept(Life in) {
        while (true) {
            try {
                Socket socket = in.server().accept();
                in.connections().add(socket);
                Thread.ofVirtual().start(() -> serve(in, socket));
            } catch (IOException e) {
                return; // crashed
            }
        }
    }

    private void serve(Life in, Socket socket) {
        try (socket) {
            if (in.server().isClosed()) {
                reset(socket);
            }
            InputStream bytes = new BufferedInputStream(socket.getInputStream());
            socket.setTcpNoDelay(true);
            socket.setSendBufferSize(SEND_BUFFER);
            byte[] small = answer(in, "", service);
            for (String line = Visitor.readLine(bytes); !line.isEmpty(); line = Visitor.readLine(bytes)) {
                boolean big = line.startsWith("GET /big ");
                String heard = hear(bytes);
                byte[] answer = heard.isEmpty() ? small : answer(in, heard, service);
                socket.getOutputStream().write(big ? answer(in, heard, "x".repeat(BIG)) : answer);
            }
        } catch (IOException e) {
            // crashed, or the gateway has closed the connection
        } finally {
            in.connections().remove(socket);
        }
    }

    /** The rest of a request. Answers what is to be said of its body; empty if it has none. */
    private static String hear(InputStream in) throws IOException {
        int length = 0;
        boolean chunked = false;
        for (String line = Visitor.readLine(in).toLowerCase(Locale.ROOT);
                !line.isEmpty();
                line = Visitor.readLine(in).toLowerCase(Locale.ROOT)) {
            chunked |= line.equals("transfer-encoding: chunked");
            length = line.startsWith("content-length: ") ? Integer.parseInt(line.substring(16)) : length;
        }
        if (!chunked) {
            return length == 0 ? "" : digest(new String(in.readNBytes(length), StandardCharsets.US_ASCII));
        }
        StringBuilder body = new StringBuilder();
        for (int size = chunk(in); size > 0; size = chunk(in)) {
            body.append(new String(in.readNBytes(size), StandardCharsets.US_ASCII));
            Visitor.readLine(in);
        }
        Visitor.readLine(in);
        return digest(body.toString());
    }

    private static int chunk(InputStream in) throws IOException {
        return Integer.parseInt(Visitor.readLine(in), 16);
    }

    /** What is said of such a body. */
    static String digest(String body) {
        return body.length() + "/" + body.hashCode();
    }

    private static byte[] answer(Life in, String heard, String body) {
        String head = "HTTP/1.1 200 OK\r\nX-Pod: " + in.name() + "\r\nX-Heard: " + heard + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        life.end();
    }
}
