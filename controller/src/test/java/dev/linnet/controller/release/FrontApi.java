package dev.linnet.controller.release;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.linnet.apiserver.ApiServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What a controller takes for the API server: it passes requests on, or does to them what a test wants. Once it is cut off, nothing of that
 * controller reaches the API any more, as if its process had been killed at that moment.
 */
public final class FrontApi implements AutoCloseable {
    static {
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final HttpClient http;
    private final String url;
    private final String token;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Call> writes = new ArrayList<>();
    private volatile Faults faults = _ -> Fault.NONE;
    private volatile Consumer<Call> afterWrite = _ -> {};
    private volatile String user = "";
    private volatile boolean cutOff;
    private volatile int before;

    /** A request. */
    public record Call(String method, String path) {
        public boolean writes() {
            return !method.equals("GET");
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** What happens to a request. */
    public sealed interface Fault {
        Fault NONE = new Fine();

        /** It is passed on. */
        record Fine() implements Fault {}

        /** It is refused with this status. */
        record Refused(int status) implements Fault {}

        /** It is done, but this is answered. */
        record DoneBut(int status) implements Fault {}

        /** It is done, but no answer comes. */
        record DoneUnanswered() implements Fault {}

        /** It never arrives; this is answered. */
        record Answered(String json) implements Fault {}

        /** It never arrives, nor does any later one. */
        record CutOff() implements Fault {}

        /** It is done, and nothing comes back or arrives any more. */
        record DoneThenCutOff() implements Fault {}
    }

    /** Decides what happens to each request. */
    @FunctionalInterface
    public interface Faults {
        Fault of(Call call);
    }

    public FrontApi(ApiServer api) {
        try {
            this.http =
                    HttpClient.newBuilder().sslContext(trusting(api.caPem())).build();
            this.url = api.url();
            this.token = api.adminToken();
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        server.start();
    }

    private static SSLContext trusting(String caPem) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(caPem.getBytes(StandardCharsets.US_ASCII))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    public void fail(Faults next) {
        faults = next;
    }

    /** Told of each write that was done, before its answer goes back. */
    public void afterWrite(Consumer<Call> watcher) {
        afterWrite = watcher;
    }

    /** From now on the controller has the rights of this user, and not all. */
    public void letsIn(String other) {
        user = other;
    }

    public boolean isCutOff() {
        return cutOff;
    }

    /** For the next controller. */
    public void mend() {
        cutOff = false;
        before = writes().size();
    }

    /** How much the present controller has written. */
    public int writesOfThisOne() {
        return writes().size() - before;
    }

    /** What was done, in order. */
    public List<Call> writes() {
        synchronized (writes) {
            return List.copyOf(writes);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Call call = new Call(
                    exchange.getRequestMethod(), exchange.getRequestURI().toString());
            byte[] body = exchange.getRequestBody().readAllBytes();
            Fault fault = cutOff ? new Fault.CutOff() : faults.of(call);
            switch (fault) {
                case Fault.Fine _ -> answer(exchange, pass(exchange, call, body));
                case Fault.Refused(int status) -> refuse(exchange, status);
                case Fault.DoneBut(int status) -> {
                    pass(exchange, call, body).body().close();
                    refuse(exchange, status);
                }
                case Fault.Answered(String json) -> answer(exchange, 200, json);
                case Fault.DoneUnanswered _ -> pass(exchange, call, body).body().close();
                case Fault.CutOff _ -> cutOff = true;
                case Fault.DoneThenCutOff _ -> {
                    pass(exchange, call, body).body().close();
                    cutOff = true;
                }
            }
        }
    }

    private HttpResponse<InputStream> pass(HttpExchange exchange, Call call, byte[] body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + call.path()))
                .header("Authorization", "Bearer " + token)
                .method(
                        call.method(),
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (!user.isEmpty()) {
            request.header("Impersonate-User", user);
        }
        for (String header : List.of("Content-Type", "Accept")) {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                request.header(header, value);
            }
        }
        try {
            HttpResponse<InputStream> answer = http.send(request.build(), BodyHandlers.ofInputStream());
            if (call.writes() && answer.statusCode() < 300) {
                synchronized (writes) {
                    writes.add(call);
                }
                afterWrite.accept(call);
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void answer(HttpExchange exchange, HttpResponse<InputStream> answer) throws IOException {
        answer.headers()
                .firstValue("Content-Type")
                .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
        try (InputStream body = answer.body()) {
            long length = answer.headers().firstValueAsLong("Content-Length").orElse(0);
            exchange.sendResponseHeaders(answer.statusCode(), length);
            byte[] buffer = new byte[16_384];
            int read = body.read(buffer);
            while (read >= 0) {
                exchange.getResponseBody().write(buffer, 0, read);
                exchange.getResponseBody().flush();
                read = body.read(buffer);
            }
        }
    }

    private static void refuse(HttpExchange exchange, int status) throws IOException {
        answer(
                exchange,
                status,
                "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"a test wants it\","
                        + "\"code\":" + status + "}");
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
        http.shutdownNow();
    }
}
