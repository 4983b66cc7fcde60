package dev.linnet.cli.direct;

import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpHeaders;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.StandardHttpRequest.ByteArrayBodyContent;
import io.fabric8.kubernetes.client.http.StandardHttpRequest.InputStreamBodyContent;
import io.fabric8.kubernetes.client.http.StandardHttpRequest.StringBodyContent;
import io.fabric8.kubernetes.client.http.StandardWebSocketBuilder;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Each call has a virtual thread of its own, which answers it and writes the body. */
final class DirectHttpClient extends StandardHttpClient<DirectHttpClient, DirectHttp, DirectHttpBuilder> {
    private final DirectHttp way;
    private final UnderWay underWay;

    DirectHttpClient(DirectHttpBuilder builder, AtomicBoolean closed, UnderWay underWay) {
        super(builder, closed);
        this.way = builder.getClientFactory();
        this.underWay = underWay;
    }

    UnderWay underWay() {
        return underWay;
    }

    @Override
    public CompletableFuture<HttpResponse<AsyncBody>> consumeBytesDirect(
            StandardHttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        CompletableFuture<HttpResponse<AsyncBody>> response = new CompletableFuture<>();
        Thread _ = Thread.ofVirtual().name("direct-call").start(() -> answer(request, consumer, response));
        return response;
    }

    private void answer(
            StandardHttpRequest request,
            AsyncBody.Consumer<List<ByteBuffer>> consumer,
            CompletableFuture<HttpResponse<AsyncBody>> response) {
        try {
            Reply reply = way.calls().answer(request.method(), request.uri(), headers(request), body(request.body()));
            DirectBody body = new DirectBody(consumer);
            underWay.add(body);
            if (isClosed() || !response.complete(new Response(request, reply, body))) {
                body.cancel();
                response.completeExceptionally(new IOException("the client is closed"));
                return;
            }
            body.write(reply.body());
        } catch (IOException | RuntimeException e) {
            response.completeExceptionally(e); // nobody else would tell the client
        }
    }

    private static Map<String, List<String>> headers(StandardHttpRequest request) {
        Map<String, List<String>> headers = new HashMap<>(request.headers());
        @Nullable String type = request.getContentType();
        if (request.body() != null && type != null) {
            headers.put("Content-Type", List.of(type));
        }
        return headers;
    }

    private static Call.Body body(StandardHttpRequest.@Nullable BodyContent content) throws IOException {
        return new Call.Body(
                switch (content) {
                    case StringBodyContent text -> text.getContent().getBytes(StandardCharsets.UTF_8);
                    case ByteArrayBodyContent bytes -> bytes.getContent();
                    case InputStreamBodyContent stream -> stream.getContent().readAllBytes();
                    case null, default -> new byte[0];
                });
    }

    /** The status line and the headers, with the body to follow. */
    private static final class Response extends StandardHttpHeaders implements HttpResponse<AsyncBody> {
        private final HttpRequest request;
        private final int code;
        private final DirectBody body;

        Response(HttpRequest request, Reply reply, DirectBody body) {
            super(Map.of("Content-Type", List.of(reply.contentType())));
            this.request = request;
            this.code = reply.code();
            this.body = body;
        }

        @Override
        public int code() {
            return code;
        }

        @Override
        public AsyncBody body() {
            return body;
        }

        @Override
        public HttpRequest request() {
            return request;
        }

        @Override
        public Optional<HttpResponse<?>> previousResponse() {
            return Optional.empty();
        }
    }

    @Override
    public CompletableFuture<WebSocketResponse> buildWebSocketDirect(
            StandardWebSocketBuilder wanted, WebSocket.Listener listener) {
        return CompletableFuture.failedFuture(new IOException("there are no WebSockets within a process"));
    }

    @Override
    protected void doClose() {
        underWay.cancel();
    }
}
