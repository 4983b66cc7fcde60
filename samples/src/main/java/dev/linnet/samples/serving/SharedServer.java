package dev.linnet.samples.serving;

import dev.linnet.samples.Sample;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * One HTTP server for all samples of a JVM, because fifty servers would mean a hundred selector threads. A request belongs to
 * the instance on whose address it came in. Runs while any instance does.
 */
public final class SharedServer {
    private static final int MAX_THREADS = 16;

    private final Map<SocketAddress, Place> places = new ConcurrentHashMap<>();
    /** By connection, because one that is closed does not know its address any more. */
    private final Map<EndPoint, Place> connections = new ConcurrentHashMap<>();

    private final Server server;
    private final SharedConnector connector;
    private int instances;

    /** An address that an instance listens on. */
    record Place(Served owner, Site site) {}

    public SharedServer() {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 2);
        threads.setName("samples");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("samples-"));
        Scheduler scheduler = new ScheduledExecutorScheduler("samples-timer", true);
        this.server = new Server(threads, scheduler, new ArrayByteBufferPool());
        this.connector = new SharedConnector(server, this::opened, this::closed);
        server.addConnector(connector);
        server.setHandler(new Dispatch());
    }

    /**
     * A new instance, which listens nowhere yet.
     *
     * @param log where it tells what goes wrong while it serves
     */
    public synchronized Served join(Sample.Setting setting, Output log) throws Exception {
        if (!server.isRunning()) {
            server.start();
        }
        instances++;
        return new Served(this, setting.address(), log);
    }

    /** The server must not stop on a thread of its own, and an instance may end on one. */
    void leave() {
        synchronized (this) {
            instances--;
        }
        Thread.ofVirtual().name("samples-leave").start(this::stopIfUnused);
    }

    private synchronized void stopIfUnused() {
        if (instances > 0 || !server.isRunning()) {
            return;
        }
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the samples' HTTP server could not be stopped", e);
        }
    }

    SharedConnector connector() {
        return connector;
    }

    Map<SocketAddress, Place> places() {
        return places;
    }

    Scheduler.Task schedule(Duration delay, Runnable task) {
        return server.getScheduler().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void opened(EndPoint connection) {
        SocketAddress local = connection.getLocalSocketAddress();
        Place place = local == null ? null : places.get(local);
        if (place == null) {
            // The instance ended, or the caller hung up, while the connection was being accepted.
            connection.close();
            return;
        }
        connections.put(connection, place);
        place.owner.opened(connection);
    }

    private void closed(EndPoint connection) {
        Place place = connections.remove(connection);
        if (place != null) {
            place.owner.closed(connection);
        }
    }

    private final class Dispatch extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            EndPoint connection =
                    request.getConnectionMetaData().getConnection().getEndPoint();
            Place place = connections.get(connection);
            if (place == null) {
                // The instance ended while this request was on its way.
                connection.close();
                callback.succeeded();
                return true;
            }
            place.owner.handle(place.site, request, response, callback);
            return true;
        }
    }
}
