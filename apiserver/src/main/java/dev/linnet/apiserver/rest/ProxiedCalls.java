package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Header;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.store.ObjectKey;
import dev.linnet.apiserver.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Carries requests on to a Pod, or to one of the Pods of a Service: subresource {@code proxy}. Of the caller's headers Accept, Content-Type and
 * User-Agent go along; credentials do not. Which Pod and which port is decided as Kubernetes' {@code ResourceLocation} does.
 */
final class ProxiedCalls implements AutoCloseable {
    /** Segments of {@code /api/v1/namespaces/NAMESPACE/services/NAME/proxy}. */
    private static final int SEGMENTS = 7;

    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** Until an answer begins; it may take as long as it likes then. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Of the answer: what is about the connection, or is said anew. */
    private static final Set<String> NOT_PASSED_ON = Set.of(
            "connection",
            "content-length",
            "content-type",
            "keep-alive",
            "proxy-authenticate",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** Written by a node agent that could not bind low ports: {@code 80=20080,443=20443}. */
    private static final String REAL_PORTS = "local.linnet.dev/ports";

    private final ObjectStore store;
    private final RandomGenerator random;
    private final LazyHttpClient http = new LazyHttpClient(() -> HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build());

    ProxiedCalls(ObjectStore store, RandomGenerator random) {
        this.store = store;
        this.random = random;
    }

    /** What a path names: {@code NAME}, {@code NAME:PORT} or {@code SCHEME:NAME:PORT}. */
    private record Asked(String name, String port) {
        static Asked of(Target target) {
            String[] parts = target.name().split(":", -1);
            String scheme = parts.length == 3 ? parts[0] : "";
            String name = parts.length == 3 ? parts[1] : parts[0];
            if (parts.length > 3
                    || name.isEmpty()
                    || !Set.of("", "http", "https").contains(scheme)) {
                throw ApiFailure.badRequest(
                        "invalid " + target.resource().kind().singular() + " request \"" + target.name() + "\"");
            }
            if (scheme.equals("https")) {
                throw ApiFailure.badRequest(target.name() + ": https is not carried here (expected: http)");
            }
            return new Asked(name, parts.length == 1 ? "" : parts[parts.length - 1]);
        }
    }

    /** @return what the one behind answers, whatever that is; 503 where nobody does */
    Reply carry(Call call, Target target) {
        if (call.upgrade().isPresent()) {
            throw ApiFailure.badRequest("changes of protocol are not carried (expected: plain HTTP)");
        }
        Asked asked = Asked.of(target);
        String place = target.key().resource().equals("pods") ? pod(target, asked) : endpoint(target, asked);
        HttpResponse<InputStream> answer = ask(request(call, place), place);
        return new Reply(
                answer.statusCode(),
                answer.headers().firstValue("Content-Type").orElse(""),
                List.of(),
                passedOn(answer),
                (Reply.Stream) out -> PodLogs.copy(answer.body(), out));
    }

    private String pod(Target target, Asked asked) {
        Target named = target.withoutSubresource().named(asked.name());
        ObjectNode pod = store.get(named.key()).orElseThrow(named::notFound).tree();
        String port = asked.port().isEmpty() ? firstPort(pod) : asked.port();
        return place(pod.path("status").path("podIP").asText(""), realPort(pod, port));
    }

    private static String firstPort(ObjectNode pod) {
        for (JsonNode container : pod.path("spec").path("containers")) {
            if (!container.path("ports").isEmpty()) {
                return container.path("ports").path(0).path("containerPort").asText();
            }
        }
        return "80";
    }

    private static String realPort(ObjectNode pod, String port) {
        String moved = pod.path("metadata").path("annotations").path(REAL_PORTS).asText("");
        for (String pair : moved.split(",", -1)) {
            if (pair.startsWith(port + "=")) {
                return pair.substring(port.length() + 1);
            }
        }
        return port;
    }

    /** Any endpoint that is ready and has the port. */
    private String endpoint(Target target, Asked asked) {
        Target named = target.withoutSubresource().named(asked.name());
        ObjectNode service = store.get(named.key()).orElseThrow(named::notFound).tree();
        String port = portName(service, asked);
        List<String> places = new ArrayList<>();
        store.get(new ObjectKey("endpoints", target.namespace(), asked.name()))
                .ifPresent(endpoints ->
                        endpoints.tree().path("subsets").forEach(subset -> addPlaces(subset, port, places)));
        if (places.isEmpty()) {
            throw unavailable("no endpoints available for service \"" + target.name() + "\"");
        }
        return places.get(random.nextInt(places.size()));
    }

    private static String portName(ObjectNode service, Asked asked) {
        if (!asked.port().matches("\\d+")) {
            return asked.port();
        }
        for (JsonNode port : service.path("spec").path("ports")) {
            if (port.path("port").asText().equals(asked.port())) {
                return port.path("name").asText("");
            }
        }
        throw unavailable("no service port " + asked.port() + " found for service \"" + asked.name() + "\"");
    }

    private static void addPlaces(JsonNode subset, String portName, List<String> places) {
        for (JsonNode port : subset.path("ports")) {
            if (port.path("name").asText("").equals(portName)) {
                subset.path("addresses")
                        .forEach(address -> places.add(place(
                                address.path("ip").asText(), port.path("port").asText())));
            }
        }
    }

    /** Pods live on loopback addresses here, but the first of these is the host's, and is none of theirs. */
    private static String place(String ip, String port) {
        try {
            InetAddress address = InetAddress.ofLiteral(ip);
            boolean ofHost = ip.equals("127.0.0.1") || ip.equals("::1") || address.isAnyLocalAddress();
            if (!ofHost && !address.isLinkLocalAddress() && !address.isMulticastAddress()) {
                return (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port;
            }
        } catch (IllegalArgumentException _) {
            throw ApiFailure.badRequest("address not allowed");
        }
        throw ApiFailure.badRequest("address not allowed");
    }

    private static HttpRequest request(Call call, String place) {
        String path = call.rawPathAfter(SEGMENTS);
        String query = call.query().raw();
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                            "http://" + place + (path.isEmpty() ? "/" : path) + (query.isEmpty() ? "" : "?" + query)))
                    .timeout(PATIENCE)
                    .method(
                            call.method(),
                            call.body().isEmpty()
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofByteArray(call.body().bytes()));
            addHeader(request, "Accept", call.accept());
            addHeader(request, "Content-Type", call.contentType());
            addHeader(request, "User-Agent", call.userAgent());
            return request.build();
        } catch (IllegalArgumentException e) {
            throw ApiFailure.badRequest("cannot be passed on to " + place + ": " + e.getMessage());
        }
    }

    private static void addHeader(HttpRequest.Builder request, String name, String value) {
        if (!value.isEmpty()) {
            request.header(name, value);
        }
    }

    private HttpResponse<InputStream> ask(HttpRequest request, String place) {
        try {
            return http.get().send(request, BodyHandlers.ofInputStream());
        } catch (IOException e) {
            String detail = e.getMessage() == null ? "no connection" : e.getMessage();
            throw unavailable("error trying to reach service: " + place + " does not answer: " + detail);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiFailure.of(500, "InternalError", "interrupted");
        }
    }

    private static List<Header> passedOn(HttpResponse<InputStream> answer) {
        List<Header> headers = new ArrayList<>();
        answer.headers().map().forEach((name, values) -> {
            if (!name.startsWith(":") && !NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> headers.add(new Header(name, value)));
            }
        });
        return headers;
    }

    private static ApiFailure unavailable(String message) {
        return ApiFailure.of(503, "ServiceUnavailable", message);
    }

    @Override
    public void close() {
        http.close();
    }
}
