package dev.linnet.e2e;

import java.io.IOException;
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
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** People who use podinfo through a gateway at a steady rate, until they are sent away: what each got, and from which version. */
final class Users implements AutoCloseable {
    private static final Pattern VERSION = Pattern.compile("\"version\"\\s*:\\s*\"([^\"]+)\"");
    private static final int CONNECTIONS = 32;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final HttpRequest request;
    private volatile boolean over;
    private volatile long firstFailure;
    private volatile long lastFailure;

    Users(URI gateway, String host, int requestsPerSecond) {
        this(gateway, "/", host, requestsPerSecond);
    }

    /** @param gateway {@code http://host:port} */
    Users(URI gateway, String path, String host, int requestsPerSecond) {
        request = HttpRequest.newBuilder(gateway.resolve(path))
                .timeout(Duration.ofSeconds(10))
                .header("Host", host)
                .build();
        int connections = Math.min(CONNECTIONS, requestsPerSecond);
        long pause = 1_000_000_000L * connections / requestsPerSecond;
        for (int i = 0; i < connections; i++) {
            long begin = System.nanoTime() + pause * i / connections;
            senders.execute(() -> send(begin, pause));
        }
    }

    private void send(long begin, long pause) {
        for (long next = begin; !over; next = Math.max(next + pause, System.nanoTime() - pause)) {
            LockSupport.parkNanos(next - System.nanoTime());
            String answer = answer();
            answers.computeIfAbsent(answer, _ -> new LongAdder()).increment();
        }
    }

    private String answer() {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            Matcher version = VERSION.matcher(response.body());
            if (response.statusCode() >= 500) {
                failed();
            }
            return response.statusCode() + (version.find() ? " of " + version.group(1) : "");
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private synchronized void failed() {
        lastFailure = System.nanoTime();
        if (firstFailure == 0) {
            firstFailure = lastFailure;
        }
    }

    /** Between the first failed answer and the last one, since the last time that this was asked. */
    synchronized Duration failing() {
        Duration span = Duration.ofNanos(lastFailure - firstFailure);
        firstFailure = 0;
        lastFailure = 0;
        return span;
    }

    /** What was answered, and how often: {@code 200 of 3.1.0}. */
    Map<String, Long> answers() {
        Map<String, Long> sums = new TreeMap<>();
        answers.forEach((answer, times) -> sums.put(answer, times.sum()));
        return sums;
    }

    @Override
    public void close() {
        over = true;
        senders.close();
        client.close();
    }
}
