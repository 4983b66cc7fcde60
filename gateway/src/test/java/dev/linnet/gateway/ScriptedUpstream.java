package dev.linnet.gateway;

import dev.linnet.routing.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** An endpoint that behaves as a test tells it, byte by byte. */
final class ScriptedUpstream implements AutoCloseable {
    private final ServerSocket server;
    /** Bound where it was once it is closed, so that whoever is asked there refuses, and no other program on this machine answers. */
    private final Socket keeper = new Socket();

    private final Script script;
    private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    private final Collection<Conversation> conversations = new ConcurrentLinkedQueue<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    /** What is said on one connection; returning closes it. */
    @FunctionalInterface
    interface Script {
        /** Plays on the connection with this number, counted from 1. */
        void play(Turn turn, int number) throws Exception;
    }

    /** One connection, as a script sees it. */
    record Turn(Conversation with, ScriptedUpstream upstream) {
        /** Reads a request's head and shows it to the test. */
        String hear() {
            String head = with.readHead();
            upstream.heads.add(head);
            return head;
        }

        Turn say(String text) {
            with.send(text);
            return this;
        }
    }

    private ScriptedUpstream(ServerSocketFactory sockets, Script script) {
        this.script = script;
        try {
            this.server = sockets.createServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    static ScriptedUpstream playing(Script script) {
        return new ScriptedUpstream(ServerSocketFactory.getDefault(), script);
    }

    /** Plays over TLS. */
    static ScriptedUpstream securely(SSLContext context, Script script) {
        return new ScriptedUpstream(context.getServerSocketFactory(), script);
    }

    /** Plays over TLS with those only who show a certificate that the context believes. */
    static ScriptedUpstream mutually(SSLContext context, Script script) {
        return new ScriptedUpstream(
                new ServerSocketFactory() {
                    @Override
                    public ServerSocket createServerSocket(int port) throws IOException {
                        return createServerSocket(port, 0);
                    }

                    @Override
                    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
                        return createServerSocket(port, backlog, InetAddress.getLoopbackAddress());
                    }

                    @Override
                    public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
                            throws IOException {
                        SSLServerSocket socket = (SSLServerSocket)
                                context.getServerSocketFactory().createServerSocket(port, backlog, address);
                        socket.setNeedClientAuth(true);
                        return socket;
                    }
                },
                script);
    }

    /** Answers each request without body on each connection, until the gateway closes it. */
    static ScriptedUpstream answering(Function<String, String> answer) {
        return playing((turn, _) -> {
            while (true) {
                turn.say(answer.apply(turn.hear()));
            }
        });
    }

    /** Answers 200 with this body. */
    static ScriptedUpstream saying(String body) {
        return answering(_ -> ok(body));
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> play(new Conversation(socket), number));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void play(Conversation conversation, int number) {
        conversations.add(conversation);
        try (conversation) {
            script.play(new Turn(conversation, this), number);
        } catch (UncheckedIOException e) {
            // the gateway has closed the connection
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    Endpoint endpoint() {
        return new Endpoint("127.0.0.1", server.getLocalPort(), "test/pod-" + server.getLocalPort());
    }

    /** The next request head that a script has heard. */
    String nextHead() {
        try {
            String head = heads.poll(Conversation.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (head == null) {
                throw new AssertionError("no request came");
            }
            return head;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** How many request heads were heard and not yet looked at. */
    int unseenHeads() {
        return heads.size();
    }

    int connections() {
        return connections.get();
    }

    boolean isClosed() {
        return server.isClosed();
    }

    List<Throwable> failures() {
        return failures;
    }

    @Override
    public void close() {
        try {
            server.close();
            conversations.forEach(Conversation::close);
            keepPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Once this is done the system has ended the listening, too, which it does a moment after Java has. */
    private void keepPort() throws IOException {
        keeper.setReuseAddress(true);
        for (long end = System.nanoTime() + Conversation.PATIENCE.toNanos(); !keeper.isBound(); Thread.onSpinWait()) {
            try {
                keeper.bind(server.getLocalSocketAddress());
            } catch (BindException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }
}
