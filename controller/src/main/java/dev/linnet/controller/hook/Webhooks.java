package dev.linnet.controller.hook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.controller.fetch.AnyCertificate;
import dev.linnet.rollout.evidence.Answer.HookResult;
import dev.linnet.rollout.plan.Hook;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.run.Phase;
import java.io.ByteArrayOutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Calls webhooks as Flagger does: POST, JSON, a status up to 202 is a yes; connection errors, 5xx and 429 are tried again. Where
 * {@code disableTLS} is said, the receiver's certificate is not checked, and no proxy is used (spec of Flagger, §7.1). Of a URL no text shows
 * more than server and path: names, passwords and keys may stand in the rest.
 */
public final class Webhooks implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int TOO_MANY = 429;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int SHOWN = 1_000;

    /** Of a refusal, with characters of any length. */
    private static final int KEPT = 4 * SHOWN;

    private final HttpClient http;

    /** For receivers whose certificate is not to be checked. */
    private final HttpClient trusting;

    private final Function<URI, Map<String, String>> credentials;

    /** @param credentials headers for a receiver that wants to know who calls */
    public Webhooks(HttpClient.Builder http, Function<URI, Map<String, String>> credentials) {
        // Without the offer of HTTP/2 that Java would make: receivers need not know what to do with it.
        this.http = http.version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        this.trusting = http.sslContext(AnyCertificate.context())
                .proxy(HttpClient.Builder.NO_PROXY)
                .build();
        this.credentials = credentials;
    }

    /**
     * What is told.
     *
     * @param checksum identifies what is tried out
     */
    public record Payload(Names names, Phase phase, String checksum, Map<String, String> metadata) {
        public Payload {
            metadata = Map.copyOf(metadata);
        }

        private String json() {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.put("name", names.canary());
            body.put("namespace", names.namespace());
            body.put("phase", phase.toString());
            body.put("checksum", checksum);
            if (!metadata.isEmpty()) {
                ObjectNode fields = body.putObject("metadata");
                metadata.forEach(fields::put);
            }
            return body.toString();
        }
    }

    /** Calls one. */
    public HookResult call(Hook hook, Payload payload) throws InterruptedException {
        Attempt last = attempt(hook, payload);
        for (int retry = 0; retry < hook.call().retries() && last.again; retry++) {
            Thread.sleep(pause(retry, last.retryAfter));
            last = attempt(hook, payload);
        }
        return new HookResult(hook.name(), last.agreed, last.text);
    }

    /** Twice as long each time, or as long as a busy receiver asks for; never too long. */
    static Duration pause(int retry, Optional<String> retryAfter) {
        Duration asked = retryAfter
                .filter(text -> text.matches("\\d{1,9}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElseGet(() -> FIRST_PAUSE.multipliedBy(1L << Math.min(retry, 10)));
        return asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
    }

    private record Attempt(boolean agreed, boolean again, String text, Optional<String> retryAfter) {
        static Attempt failed(boolean again, String text) {
            return new Attempt(false, again, text, Optional.empty());
        }
    }

    private Attempt attempt(Hook hook, Payload payload) throws InterruptedException {
        URI url;
        try {
            url = URI.create(hook.call().url());
        } catch (IllegalArgumentException e) {
            return Attempt.failed(false, "url cannot be read (expected: http://… or https://…)");
        }
        try {
            HttpResponse<String> answer = send(request(url, payload), hook.call());
            int status = answer.statusCode();
            boolean again = status == TOO_MANY || (status >= 500 && status != NOT_IMPLEMENTED);
            boolean busy = status == TOO_MANY || status == HttpURLConnection.HTTP_UNAVAILABLE;
            return new Attempt(
                    isYes(status),
                    again,
                    shown(answer),
                    busy ? answer.headers().firstValue("Retry-After") : Optional.empty());
        } catch (TimeoutException _) {
            return Attempt.failed(
                    true,
                    shown(url) + ": no answer within " + hook.call().timeout().toMillis() + " ms");
        } catch (ExecutionException e) {
            return Attempt.failed(true, shown(url) + ": " + reason(e));
        } catch (IllegalArgumentException e) {
            return Attempt.failed(false, "url is " + shown(url) + " (expected: http://… or https://…)");
        }
    }

    private HttpRequest request(URI url, Payload payload) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(payload.json()));
        credentials.apply(url).forEach(request::setHeader);
        if (url.getUserInfo() != null) {
            byte[] account = url.getUserInfo().getBytes(StandardCharsets.UTF_8);
            request.setHeader("Authorization", "Basic " + Base64.getEncoder().encodeToString(account));
        }
        return request.build();
    }

    private static String shown(URI url) {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port + Objects.requireNonNullElse(url.getRawPath(), "");
    }

    /** The timeout covers the whole answer, of which no more is kept than is shown. */
    private HttpResponse<String> send(HttpRequest request, Hook.Call call)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<HttpResponse<String>> pending = (call.insecure() ? trusting : http)
                .sendAsync(request, head -> isYes(head.statusCode()) ? BodySubscribers.replacing("") : beginning());
        try {
            return pending.get(call.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            pending.cancel(true);
        }
    }

    private static BodySubscriber<String> beginning() {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        return BodySubscribers.mapping(
                BodySubscribers.ofByteArrayConsumer(part ->
                        part.ifPresent(bytes -> kept.write(bytes, 0, Math.min(bytes.length, KEPT - kept.size())))),
                _ -> kept.toString(StandardCharsets.UTF_8));
    }

    private static boolean isYes(int status) {
        return status <= 202;
    }

    private static String shown(HttpResponse<String> answer) {
        String text = answer.body().strip();
        String body = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return body.isEmpty() ? "status " + answer.statusCode() : body;
    }

    private static String reason(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
    }

    @Override
    public void close() {
        http.close();
        trusting.close();
    }
}
