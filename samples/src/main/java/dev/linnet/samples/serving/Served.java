package dev.linnet.samples.serving;

import dev.linnet.samples.Sample;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** One running instance of a sample: its listening sockets, its connections, and its end. */
public final class Served implements Sample.Running {
    /**
     * How long idle connections stay open once the sockets are closed. A gateway may send on them until it hears that the
     * Pod is going; in this time it hears, and requests are still answered.
     */
    private static final Duration LINGER = Duration.ofMillis(500);

    private static final int BACKLOG = 1024;

    private final SharedServer server;
    private final InetAddress address;
    private final Output log;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Map<SocketAddress, ServerSocketChannel> sockets = new HashMap<>();
    private final Set<EndPoint> connections = new HashSet<>();
    private int active;
    private State state = State.SERVING;

    private enum State {
        SERVING,
        DRAINING,
        ENDED
    }

    Served(SharedServer server, InetAddress address, Output log) {
        this.server = server;
        this.address = address;
        this.log = log;
    }

    /**
     * Listens on a port of the instance's address.
     *
     * @param port the real one; 0 for any free one
     * @return the port
     */
    public int listen(int port, Site site) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(new InetSocketAddress(address, port), BACKLOG);
            InetSocketAddress local = (InetSocketAddress) socket.getLocalAddress();
            register(local, socket, site);
            server.connector()
                    .listen(socket, failure -> log.line("cannot accept a connection: " + failure.getMessage()));
            return local.getPort();
        } catch (BindException e) {
            socket.close();
            throw new IOException(
                    "cannot listen on " + address.getHostAddress() + ":" + port + ": " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Runs a task later, unless the instance has ended by then. */
    public void after(Duration delay, Runnable task) {
        var _ = server.schedule(delay, () -> {
            if (!exit.isDone()) {
                task.run();
            }
        });
    }

    /** Waits, for as long as the instance lives. */
    public void pause(Duration time) throws InterruptedException {
        try {
            exit.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The time is over.
        }
    }

    /** Ends at once, as a process does: open requests get no answer. */
    public void die(int code) {
        end(code);
    }

    /** This instance for its owner, who tells in its own words that it is being stopped. */
    public Sample.Running announcing(Consumer<Duration> onStop) {
        return new Announced(this, onStop);
    }

    private record Announced(Served served, Consumer<Duration> onStop) implements Sample.Running {
        @Override
        public void stop(Duration grace) {
            onStop.accept(grace);
            served.stop(grace);
        }

        @Override
        public CompletableFuture<Integer> exit() {
            return served.exit();
        }
    }

    @Override
    public void stop(Duration grace) {
        if (beginDraining()) {
            awaitQuiet(System.nanoTime(), grace);
        }
        end(0);
    }

    @Override
    public CompletableFuture<Integer> exit() {
        return exit.copy();
    }

    void handle(Site site, Request request, Response response, Callback callback) {
        requestBegins();
        Callback done = Callback.from(callback, this::requestEnds);
        try {
            write(site.answer(new Call(request)), response, done);
        } catch (Call.BodyTooLarge e) {
            write(
                    Reply.of(413, "text/plain; charset=utf-8", e.getMessage() + "\n")
                            .with("Connection", "close"),
                    response,
                    done);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            done.failed(e);
        } catch (Exception e) {
            log.line("request failed: " + request.getMethod() + " "
                    + request.getHttpURI().getPath() + ": " + e);
            done.failed(e);
        }
    }

    synchronized void opened(EndPoint connection) {
        connections.add(connection);
        if (state == State.ENDED) {
            connection.close();
        }
    }

    synchronized void closed(EndPoint connection) {
        connections.remove(connection);
        notifyAll();
    }

    private void write(Reply reply, Response response, Callback done) {
        response.setStatus(reply.status());
        reply.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        if (isDraining()) {
            response.getHeaders().put("Connection", "close");
        }
        try {
            if (!reply.pause().isZero()) {
                writeHead(response);
                pause(reply.pause());
            }
            boolean bodiless = reply.status() == 204 || reply.status() == 304;
            response.write(true, bodiless ? BufferUtil.EMPTY_BUFFER : reply.body(), done);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            done.failed(e);
        } catch (IOException e) {
            done.failed(e);
        }
    }

    private static void writeHead(Response response) throws IOException {
        try (Blocker.Callback head = Blocker.callback()) {
            response.write(false, BufferUtil.EMPTY_BUFFER, head);
            head.block();
        }
    }

    private synchronized void register(InetSocketAddress local, ServerSocketChannel socket, Site site)
            throws IOException {
        if (state != State.SERVING) {
            throw new IOException("the instance is ending");
        }
        sockets.put(local, socket);
        server.places().put(local, new SharedServer.Place(this, site));
    }

    private synchronized void requestBegins() {
        active++;
    }

    private synchronized void requestEnds() {
        active--;
        notifyAll();
    }

    private synchronized boolean isDraining() {
        return state != State.SERVING;
    }

    private synchronized boolean beginDraining() {
        if (state != State.SERVING) {
            return false;
        }
        state = State.DRAINING;
        sockets.values().forEach(Served::close);
        return true;
    }

    private synchronized void awaitQuiet(long start, Duration grace) {
        try {
            while (!connections.isEmpty()) {
                Duration limit = active > 0 || grace.compareTo(LINGER) < 0 ? grace : LINGER;
                long left = limit.toNanos() - (System.nanoTime() - start);
                if (left <= 0) {
                    return;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            // Whoever stops us is in a hurry: end now.
            Thread.currentThread().interrupt();
        }
    }

    private void end(int code) {
        List<EndPoint> open;
        synchronized (this) {
            if (state == State.ENDED) {
                return;
            }
            state = State.ENDED;
            sockets.values().forEach(Served::close);
            sockets.keySet().forEach(server.places()::remove);
            open = List.copyOf(connections);
            connections.clear();
        }
        open.forEach(EndPoint::close);
        server.leave();
        exit.complete(code);
    }

    private static void close(ServerSocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a listening socket could not be closed", e);
        }
    }
}
