package dev.linnet.controller.hook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.controller.fetch.AnyCertificate;
import dev.linnet.rollout.evidence.Answer.HookResult;
import dev.linnet.rollout.plan.Hook;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.run.Phase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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
                    .timeout(hook.call().timeout())
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(payload.json()));
            credentials.apply(url).forEach(request::header);
            HttpClient client = hook.call().insecure() ? trusting : http;
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            boolean again = answer.statusCode() == 429 || (answer.statusCode() >= 500 && answer.statusCode() != 501);
            return new Attempt(answer.statusCode() <= 202, again, shown(answer));
        } catch (IOException e) {
            return new Attempt(false, true, hook.call().url() + ": " + reason(e));
        } catch (IllegalArgumentException e) {
            return new Attempt(false, false, "url is " + hook.call().url() + " (expected: http://… or https://…)");
        }
    }

    private static String shown(HttpResponse<String> answer) {
        String text = answer.body().strip();
        String body = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return body.isEmpty() ? "status " + answer.statusCode() : body;
    }

    private static String reason(IOException e) {
        return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    }

    @Override
    public void close() {
        http.close();
        trusting.close();
    }
}
