package dev.linnet.loadtester;

import dev.linnet.loadtester.task.TaskRunner;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A running load tester. Requests are handled on virtual threads, so a test that takes minutes holds nobody up. */
public final class LoadTester implements AutoCloseable {
    private static final int THREADS = 8;
    private static final long IDLE_MILLIS = 60_000;

    private final Server server;
    private final ServerConnector connector;
    private final TaskRunner tasks;

    private LoadTester(LoadTesterSettings settings) {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
        threads.setName("loadtester");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("loadtester-"));
        this.tasks = new TaskRunner(settings.tasks());
        this.server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        this.connector = new ServerConnector(server, 0, 1, new HttpConnectionFactory(http));
        connector.setHost(settings.listen().getAddress().getHostAddress());
        connector.setPort(settings.listen().getPort());
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.setHandler(new Front(settings, tasks));
    }

    /**
     * Listens.
     *
     * @throws IOException when it cannot listen there
     */
    public static LoadTester start(LoadTesterSettings settings) throws IOException {
        LoadTester tester = new LoadTester(settings);
        try {
            tester.server.start();
        } catch (Exception e) {
            tester.close();
            throw new IOException("cannot listen on " + settings.listen() + ": " + e.getMessage(), e);
        }
        return tester;
    }

    /** Where it really listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(connector.getHost(), connector.getLocalPort());
    }

    /** Takes no more requests and ends every command that still runs. */
    @Override
    public void close() {
        tasks.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the load tester's HTTP server could not be stopped", e);
        }
    }
}
