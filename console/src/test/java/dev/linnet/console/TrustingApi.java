package dev.linnet.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * An API that trusts a provider's tokens, as a kube-apiserver does with {@code --oidc-issuer-url} and {@code --oidc-username-prefix=oidc:}: stands
 * before one that does not, and says to it whose request this is.
 */
final class TrustingApi implements AutoCloseable {
    private static final Set<String> BETWEEN_TWO = Set.of(
            "host",
            "connection",
            "origin",
            "upgrade",
            "http2-settings",
            "content-length",
            "authorization",
            "transfer-encoding",
            "accept-encoding");

    private final HttpServer server;
    private final HttpClient http;
    private final Config api;
    private final OidcServer provider;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean trusts = true;

    /** @param api with an administrator's credentials */
    TrustingApi(Config api, OidcServer provider) throws IOException {
        this.api = api;
        this.provider = provider;
        this.http = HttpClient.newBuilder()
                .sslContext(trusting(api.getCaCertData()))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(threads);
        server.createContext("/", this::pass);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    void trusts(boolean is) {
        trusts = is;
    }

    private static SSLContext trusting(String authority) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "ca",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(Base64.getDecoder().decode(authority))));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            String sent = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                    .orElse("");
            String token = sent.replaceFirst("^Bearer ", "");
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api.getMasterUrl())
                    .resolve(exchange.getRequestURI().toString()));
            exchange.getRequestHeaders()
                    .forEach((name, values) -> values.stream()
                            .filter(_ -> !BETWEEN_TWO.contains(name.toLowerCase(Locale.ROOT)))
                            .forEach(value -> request.header(name, value)));
            if (trusts && provider.knows(token)) {
                request.header("Authorization", "Bearer " + administrator())
                        .header("Impersonate-User", "oidc:" + OidcServer.ANN);
            } else if (!sent.isEmpty()) {
                request.header("Authorization", sent);
            }
            byte[] body = exchange.getRequestBody().readAllBytes();
            request.method(
                    exchange.getRequestMethod(),
                    body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
            answer(exchange, http.send(request.build(), BodyHandlers.ofInputStream()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private String administrator() {
        return Optional.ofNullable(api.getAutoOAuthToken()).orElseGet(api::getOauthToken);
    }

    /** As it comes: watches last. */
    private static void answer(HttpExchange exchange, HttpResponse<InputStream> answer) throws IOException {
        exchange.getResponseHeaders()
                .put(
                        "Content-Type",
                        List.of(answer.headers().firstValue("Content-Type").orElse("application/json")));
        exchange.sendResponseHeaders(answer.statusCode(), 0);
        byte[] chunk = new byte[8192];
        try (InputStream in = answer.body();
                OutputStream out = exchange.getResponseBody()) {
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                out.write(chunk, 0, length);
                out.flush();
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        http.shutdownNow();
        threads.shutdownNow();
    }
}
