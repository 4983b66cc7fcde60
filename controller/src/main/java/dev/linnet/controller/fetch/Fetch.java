package dev.linnet.controller.fetch;

import dev.linnet.controller.fetch.Ask.Way;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks servers that others run. Every request has a deadline that covers the whole reply, no more than a megabyte is read, no redirect is
 * followed (it could lead anywhere, with credentials), and no error shows a secret.
 */
public final class Fetch implements AutoCloseable {
    private static final int LONGEST = 1 << 20;
    private static final int USUAL_PROXY_PORT = 80;
    private static final String HIDDEN = "***";

    private final Duration deadline;
    private final ProxySelector proxies;
    private final HttpClient usual;

    /**
     * A client.
     *
     * @param deadline of one request, from connecting to the last byte of the reply
     * @param proxies  through which servers are reached
     */
    public Fetch(Duration deadline, ProxySelector proxies) {
        this.deadline = deadline;
        this.proxies = proxies;
        this.usual = builder(proxies).build();
    }

    private HttpClient.Builder builder(ProxySelector through) {
        return HttpClient.newBuilder()
                .version(Version.HTTP_1_1)
                .connectTimeout(deadline)
                .followRedirects(Redirect.NEVER)
                .proxy(through);
    }

    public Reply fetch(Ask ask) throws NoReply, InterruptedException {
        if (ask.way().equals(Way.USUAL)) {
            return fetch(usual, ask);
        }
        // Seldom enough that a client for each call is cheaper than keeping clients for ways that nobody goes any more.
        HttpClient client = client(ask.way());
        try {
            return fetch(client, ask);
        } finally {
            client.shutdownNow();
        }
    }

    private HttpClient client(Way way) {
        HttpClient.Builder builder = builder(way.proxy().map(Fetch::proxy).orElse(proxies));
        if (way.insecure()) {
            builder.sslContext(AnyCertificate.context());
        }
        return builder.build();
    }

    private static ProxySelector proxy(URI proxy) {
        int port = proxy.getPort() < 0 ? USUAL_PROXY_PORT : proxy.getPort();
        return ProxySelector.of(new InetSocketAddress(proxy.getHost(), port));
    }

    private Reply fetch(HttpClient client, Ask ask) throws NoReply, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> pending;
        try {
            pending = client.sendAsync(request(ask), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST));
        } catch (IllegalArgumentException e) {
            throw new NoReply(ask.server() + ": cannot be asked: " + hidden(String.valueOf(e.getMessage()), ask), e);
        }
        try {
            HttpResponse<byte[]> answer = pending.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return new Reply(answer.statusCode(), hidden(new String(answer.body(), StandardCharsets.UTF_8), ask));
        } catch (TimeoutException e) {
            throw new NoReply(ask.server() + ": no answer within " + deadline.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new NoReply(ask.server() + ": " + hidden(reason(e), ask), e);
        } finally {
            pending.cancel(true);
        }
    }

    private HttpRequest request(Ask ask) {
        HttpRequest.Builder request = HttpRequest.newBuilder(ask.url()).timeout(deadline);
        ask.headers().forEach((name, values) -> values.forEach(value -> request.header(name, value)));
        return ask.body()
                .map(body -> request.POST(BodyPublishers.ofString(body)))
                .orElseGet(request::GET)
                .build();
    }

    private static String reason(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String text = cause.getMessage();
        return text == null || text.isBlank() ? cause.getClass().getSimpleName() : text;
    }

    private static String hidden(String text, Ask ask) {
        String safe = text;
        for (String secret : secrets(ask)) {
            safe = safe.replace(secret, HIDDEN);
        }
        return safe;
    }

    /** What stands in a URL before the host or after the path is as secret as a header. */
    private static List<String> secrets(Ask ask) {
        String account = ask.url().getRawUserInfo();
        return account == null ? ask.secrets() : ask.hiding(account).secrets();
    }

    @Override
    public void close() {
        usual.shutdownNow();
    }
}
