package dev.linnet.e2e;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** Many requests to one host, counted by what they were answered with. */
final class Traffic {
    private static final int AT_ONCE = 8;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI target;
    private final List<String> headers;
    private String told = "";

    /** @param headers names and values in turn */
    Traffic(URI gateway, String host, String... headers) {
        this(gateway.resolve("/"), host, List.of(headers));
    }

    private Traffic(URI target, String host, List<String> headers) {
        this.target = target;
        this.headers = new ArrayList<>(List.of("Host", host));
        this.headers.addAll(headers);
    }

    /** Requests to a path of the gateway instead of to its root. */
    static Traffic to(URI gateway, String path, String host) {
        return new Traffic(gateway.resolve(path), host, List.of());
    }

    /** Puts this header of each answer before its body. */
    Traffic telling(String header) {
        told = header;
        return this;
    }

    /** Sends {@code count} requests over a few connections. Keys are trimmed bodies, or {@code status N}, or the failure. */
    Map<String, Long> send(int count) throws Exception {
        Map<String, LongAdder> answers = new ConcurrentHashMap<>();
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int sender = 0; sender < AT_ONCE; sender++) {
                int mine = count / AT_ONCE + (sender < count % AT_ONCE ? 1 : 0);
                Callable<Boolean> work = () -> {
                    for (int i = 0; i < mine; i++) {
                        count(answers);
                    }
                    return true;
                };
                all.add(senders.submit(work));
            }
            for (Future<Boolean> sender : all) {
                sender.get();
            }
        }
        return sums(answers);
    }

    /** Sends at least {@code count} requests, and as long as {@code work} takes, while {@code work} runs. */
    Map<String, Long> during(int count, Callable<?> work) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService worker = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> done = worker.submit(() -> {
                try {
                    return work.call();
                } finally {
                    over.set(true);
                }
            });
            Map<String, Long> all = new TreeMap<>();
            long sent = 0;
            while (sent < count || !over.get()) {
                send(400).forEach((answer, times) -> all.merge(answer, times, Long::sum));
                sent += 400;
            }
            done.get();
            return all;
        }
    }

    private void count(Map<String, LongAdder> answers) throws InterruptedException {
        String answer;
        try {
            HttpResponse<String> response = client.send(request(), BodyHandlers.ofString());
            String before =
                    told.isEmpty() ? "" : response.headers().firstValue(told).orElse("nobody") + " > ";
            answer = response.statusCode() == 200 ? before + response.body().trim() : "status " + response.statusCode();
        } catch (java.io.IOException e) {
            answer = e.toString();
        }
        answers.computeIfAbsent(answer, _ -> new LongAdder()).increment();
    }

    private HttpRequest request() {
        HttpRequest.Builder request = HttpRequest.newBuilder(target).timeout(Duration.ofSeconds(10));
        for (int i = 0; i + 1 < headers.size(); i += 2) {
            request.header(headers.get(i), headers.get(i + 1));
        }
        return request.build();
    }

    private static Map<String, Long> sums(Map<String, LongAdder> answers) {
        Map<String, Long> sums = new TreeMap<>();
        answers.forEach((answer, times) -> sums.put(answer, times.sum()));
        return sums;
    }
}
