package dev.linnet.controller.hook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.controller.fetch.AnyCertificate;
import dev.linnet.rollout.evidence.Answer.HookResult;
import dev.linnet.rollout.plan.Hook;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.run.Phase;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Calls webhooks as Flagger does: POST, JSON, a status up to 202 is a yes; connection errors, 5xx and 429 are tried again. Where
 * {@code disableTLS} is said, the receiver's certificate is not checked, and no proxy is used (spec of Flagger, §7.1).
 */
public final class Webhooks implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int SHOWN = 1_000;

    /** Of a refusal, with characters of any length. */
    private static final int KEPT = 4 * SHOWN;

    private final HttpClient http;

    /** For receivers whose certificate is not to be checked. */
    private final HttpClient trusting;

    private final Function<URI, Map<String, String>> credentials;

    /** @param credentials headers for a receiver that wants to know who calls */
    public Webhooks(HttpClient.Builder http, Function<URI, Map<String, String>> credentials) {
        this.http = http.connectTimeout(CONNECT)
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
        String problem = "";
        Duration pause = FIRST_PAUSE;
        for (int attempt = 0; attempt <= hook.call().retries(); attempt++) {
            if (attempt > 0) {
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
            Attempt result = attempt(hook, payload);
            if (result.agreed || !result.again) {
                return new HookResult(hook.name(), result.agreed, result.text);
            }
            problem = result.text;
        }
        return new HookResult(hook.name(), false, problem);
    }

    private record Attempt(boolean agreed, boolean again, String text) {}

    private Attempt attempt(Hook hook, Payload payload) throws InterruptedException {
        try {
            URI url = URI.create(hook.call().url());
            HttpRequest.Builder request = HttpRequest.newBuilder(url)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(payload.json()));
            credentials.apply(url).forEach(request::header);
            HttpResponse<String> answer = send(request.build(), hook.call());
            boolean again = answer.statusCode() == 429 || (answer.statusCode() >= 500 && answer.statusCode() != 501);
            return new Attempt(isYes(answer.statusCode()), again, shown(answer));
        } catch (TimeoutException _) {
            return new Attempt(
                    false,
                    true,
                    hook.call().url() + ": no answer within "
                            + hook.call().timeout().toMillis() + " ms");
        } catch (ExecutionException e) {
            return new Attempt(false, true, hook.call().url() + ": " + reason(e));
        } catch (IllegalArgumentException e) {
            return new Attempt(false, false, "url is " + hook.call().url() + " (expected: http://… or https://…)");
        }
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
