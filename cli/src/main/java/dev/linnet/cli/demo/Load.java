package dev.linnet.cli.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * People using the service: GET requests at a steady rate through the gateway, each answer counted by the version that gave it.
 *
 * <p>The rate holds however slow answers are, as with real people. At most {@value #IN_FLIGHT} requests are under way at once; others wait
 * for their turn as long as for an answer, because a machine that is busy with something else for a moment is no fault of a release.
 */
final class Load implements AutoCloseable {
    private static final int IN_FLIGHT = 256;
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Pattern VERSION = Pattern.compile("\"version\"\\s*:\\s*\"([^\"]+)\"");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(DEADLINE)
            .build();
    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
    private final Map<String, LongAdder> ok = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> failed = new ConcurrentHashMap<>();
    private final LongAdder lost = new LongAdder();
    private final AtomicLong firstFailure = new AtomicLong();
    private final AtomicLong lastFailure = new AtomicLong();
    private volatile boolean closed;
    private final URI target;
    private final String host;

    /** @param gateway where the gateway listens; {@code host} is the Host header, which no DNS needs to know */
    Load(InetSocketAddress gateway, String host) {
        // The JDK's client sends the URI's host as Host unless told otherwise; -Djdk.httpclient.allowRestrictedHeaders
        // is set in main.
        this.target = URI.create("http://" + gateway.getAddress().getHostAddress() + ":" + gateway.getPort() + "/");
        this.host = host;
    }

    /** Begins to send; ends with {@link #close}. */
    void start(int requestsPerSecond) {
        long pause = 1_000_000_000L / requestsPerSecond;
        senders.execute(() -> {
            long next = System.nanoTime();
            while (!closed) {
                senders.execute(this::fire);
                next += pause;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        });
    }

    Tally tally() {
        Map<String, Tally.Count> versions = new TreeMap<>();
        ok.forEach((version, count) -> versions.put(version, new Tally.Count(count.sum(), 0)));
        failed.forEach((version, count) -> versions.merge(
                version, new Tally.Count(0, count.sum()), (a, b) -> new Tally.Count(a.ok(), b.failed())));
        return new Tally(versions, lost.sum());
    }

    /** Time between the first and the last answer of 500 and above; zero when there was at most one. */
    Duration failureSpan() {
        return Duration.ofNanos(lastFailure.get() - firstFailure.get());
    }

    /** Time since the first answer of 500 and above; zero before it. */
    Duration sinceFirstFailure() {
        return firstFailure.get() == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - firstFailure.get());
    }

    /** One request outside the count: the answering version, or the status when there is none. */
    String ask() throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request(), BodyHandlers.ofString());
        return versionOf(answer.body(), "status " + answer.statusCode());
    }

    private void fire() {
        try {
            if (inFlight.tryAcquire(DEADLINE.toNanos(), TimeUnit.NANOSECONDS)) {
                send();
            } else {
                lost.increment();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send() throws InterruptedException {
        try {
            count(client.send(request(), BodyHandlers.ofString()));
        } catch (IOException e) {
            lost.increment();
        } finally {
            inFlight.release();
        }
    }

    private void count(HttpResponse<String> answer) {
        String version = versionOf(answer.body(), "");
        if (version.isEmpty()) {
            lost.increment();
        } else if (answer.statusCode() >= 500) {
            failed.computeIfAbsent(version, _ -> new LongAdder()).increment();
            long now = System.nanoTime();
            firstFailure.compareAndSet(0, now);
            lastFailure.set(now);
        } else {
            ok.computeIfAbsent(version, _ -> new LongAdder()).increment();
        }
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(target)
                .timeout(DEADLINE)
                .header("Host", host)
                .build();
    }

    private static String versionOf(String body, String otherwise) {
        Matcher version = VERSION.matcher(body);
        return version.find() ? version.group(1) : otherwise;
    }

    /** Stops sending, waits for what is under way, and forgets the connections. */
    @Override
    public void close() {
        closed = true;
        senders.close(); // every request has a deadline, so this ends
        client.close();
    }
}
