package dev.linnet.machine.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.linnet.machine.BuiltInImage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP server that a test can steer. It answers who it is and who asks, fails its health checks when told so by
 * environment or request, and obeys {@code EXIT=<code>} (ends at once) and {@code FAIL=<message>} (cannot start).
 */
final class EchoImage implements BuiltInImage {
    final Map<String, Context> contexts = new ConcurrentHashMap<>();
    final AtomicInteger starts = new AtomicInteger();
    final AtomicInteger stops = new AtomicInteger();

    @Override
    public String name() {
        return "echo";
    }

    @Override
    public Container start(Context context) throws Exception {
        starts.incrementAndGet();
        contexts.put(context.pod() + "/" + context.container(), context);
        println(context.log(), "hello from " + context.pod());
        if (context.env().containsKey("FAIL")) {
            throw new IOException(context.env().get("FAIL"));
        }
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        if (context.env().containsKey("EXIT")) {
            exit.complete(Integer.valueOf(context.env().get("EXIT")));
            return new Ended(exit);
        }
        return new Serving(context, exit);
    }

    /** What a container was given. */
    Context context(String podAndContainer) {
        return Objects.requireNonNull(contexts.get(podAndContainer));
    }

    private record Ended(CompletableFuture<Integer> exit) implements Container {
        @Override
        public void stop(Duration grace) {}
    }

    private static void println(OutputStream log, String line) {
        try {
            log.write((line + "\n").getBytes(UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private final class Serving implements Container {
        private final Context context;
        private final CompletableFuture<Integer> exit;
        private final HttpServer server;
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final CountDownLatch stopping = new CountDownLatch(1);
        private volatile boolean healthy = true;

        Serving(Context context, CompletableFuture<Integer> exit) throws IOException {
            this.context = context;
            this.exit = exit;
            int port = Integer.parseInt(context.env().getOrDefault("PORT", "8080"));
            server = HttpServer.create(new InetSocketAddress(context.address(), context.realPort(port)), 0);
            server.setExecutor(threads);
            server.createContext("/", this::answer);
            server.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/sicken")) {
                healthy = false;
            }
            if (!path.startsWith("/health")) {
                println(context.log(), "GET " + path);
            }
            byte[] body = (context.pod() + " "
                            + exchange.getRemoteAddress().getAddress().getHostAddress())
                    .getBytes(UTF_8);
            exchange.sendResponseHeaders(path.startsWith("/health") && !healthy ? 500 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
            if (path.equals("/exit")) {
                Thread.ofVirtual().start(() -> end(3));
            }
        }

        private void end(int code) {
            server.stop(1);
            threads.close();
            exit.complete(code);
        }

        @Override
        public void stop(Duration grace) {
            stops.incrementAndGet();
            stopping.countDown();
            println(context.log(), "goodbye");
            end(0);
        }

        @Override
        public CompletableFuture<Integer> exit() {
            return exit;
        }
    }
}
