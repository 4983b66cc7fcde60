package dev.linnet.loadtester.hey;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * One load: workers that each send, wait for the answer, and send again, at a steady rate where one is asked for. Answers are read to their
 * end and forgotten.
 */
public final class Hey {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** Latencies beyond that many answers are not kept, as with the original. */
    private static final int KEPT = 1_000_000;

    private final HeyOptions options;
    private final ProxyEnvironment proxies;
    private final long latest;
    private final AtomicInteger left;
    private final Results results = new Results();
    private volatile boolean stopped;

    /** @param limit after which it ends whatever the options say */
    public Hey(HeyOptions options, ProxyEnvironment proxies, Duration limit) {
        this.options = options;
        this.proxies = proxies;
        this.left = new AtomicInteger(options.duration().isPresent() ? Integer.MAX_VALUE : options.requests());
        Duration length = options.duration().orElse(limit);
        this.latest = System.nanoTime() + (length.compareTo(limit) < 0 ? length : limit).toNanos();
    }

    /** Sends until it is done. */
    public HeyReport run() throws InterruptedException {
        long start = System.nanoTime();
        try (HttpClient client = client();
                ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < options.workers(); i++) {
                workers.execute(() -> work(client));
            }
            workers.shutdown();
            // Requests under way end by their own deadline; one without a deadline ends with the load.
            workers.awaitTermination(latest - System.nanoTime(), TimeUnit.NANOSECONDS);
            stopped = true;
            client.shutdownNow();
        }
        return results.report((System.nanoTime() - start) / 1e9);
    }

    /** Ends it before its time. */
    public void stop() {
        stopped = true;
    }

    private HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .proxy(proxies)
                .followRedirects(options.followRedirects() ? HttpClient.Redirect.NORMAL : HttpClient.Redirect.NEVER)
                .build();
    }

    private void work(HttpClient client) {
        HttpRequest request = request();
        long pause = options.rate() > 0 ? (long) (1e9 / options.rate()) : 0;
        long next = System.nanoTime();
        while (goesOn() && left.getAndDecrement() > 0) {
            next += pause;
            send(client, request);
            while (pause > 0 && goesOn() && System.nanoTime() < next) {
                LockSupport.parkNanos(Math.min(next, latest) - System.nanoTime());
            }
        }
    }

    private boolean goesOn() {
        return !stopped && System.nanoTime() < latest;
    }

    private void send(HttpClient client, HttpRequest request) {
        long start = System.nanoTime();
        try {
            HttpResponse<Void> answer = client.send(request, BodyHandlers.discarding());
            results.answered(answer.statusCode(), System.nanoTime() - start);
        } catch (IOException e) {
            if (goesOn()) {
                results.failed(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
    }

    private HttpRequest request() {
        HttpRequest.Builder request = HttpRequest.newBuilder(options.url())
                .method(
                        options.method(),
                        options.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(options.body()));
        options.timeout().ifPresent(request::timeout);
        options.host().ifPresent(host -> request.setHeader("Host", host));
        options.headers().forEach(header -> request.header(header.name(), header.value()));
        return request.build();
    }

    /** What has happened so far. */
    private static final class Results {
        private final SortedMap<Integer, Long> statuses = new TreeMap<>();
        private final SortedMap<String, Long> errors = new TreeMap<>();
        private long[] latencies = new long[1024];
        private int count;

        synchronized void answered(int status, long nanos) {
            statuses.merge(status, 1L, Long::sum);
            if (count == KEPT) {
                return;
            }
            if (count == latencies.length) {
                latencies = Arrays.copyOf(latencies, Math.min(KEPT, count * 2));
            }
            latencies[count++] = nanos;
        }

        synchronized void failed(IOException failure) {
            String reason = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
            errors.merge(reason, 1L, Long::sum);
        }

        synchronized HeyReport report(double seconds) {
            return new HeyReport(
                    seconds, Arrays.stream(latencies, 0, count).boxed().toList(), statuses, errors);
        }
    }
}
