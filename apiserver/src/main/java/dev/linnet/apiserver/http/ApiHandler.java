package dev.linnet.apiserver.http;

import dev.linnet.apiserver.access.Caller;
import dev.linnet.apiserver.access.Callers;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.store.StoreClosed;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Between Jetty and {@link Answerer}: reads a request, finds its caller, writes the reply. */
final class ApiHandler extends Handler.Abstract {
    private static final Logger log = LoggerFactory.getLogger(ApiHandler.class);
    private static final int MAX_BODY = 3 << 20;
    private static final int MAX_SKIPPED = 16 << 20;
    private static final int STREAM_BUFFER = 16 << 10;
    private static final String IMPERSONATE = "impersonate-";

    private final Guard guard;
    private final Callers callers;
    private final Answerer answerer;
    private final Upgrades upgrades = new Upgrades();

    ApiHandler(Guard guard, Callers callers, Answerer answerer) {
        this.guard = guard;
        this.callers = callers;
        this.answerer = answerer;
        installBean(upgrades.components());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // A watch on which nothing happens is not idle. A write that the client does not take still times out.
        request.addIdleTimeoutListener(_ -> false);
        Reply reply = reply(request);
        if (reply.body() instanceof Reply.Switched switched) {
            upgrades.tunnel(switched, request, response, callback);
            return true;
        }
        // Refused before its body was read: a client that keeps the connection must not find it closed under its next
        // request.
        if (!request.consumeAvailable()) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        if (reply.body() instanceof Reply.Stream stream && wantsSocket(request)) {
            return upgrades.watch(stream, request, response, callback) || answer(reply, response, callback);
        }
        return answer(reply, response, callback);
    }

    private static boolean wantsSocket(Request request) {
        return Upgrades.wanted(request).filter(Upgrade::isWebSocket).isPresent();
    }

    private static boolean answer(Reply reply, Response response, Callback callback) {
        try {
            response.setStatus(reply.code());
            if (!reply.contentType().isEmpty()) {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.contentType());
            }
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache, private");
            reply.headers().forEach(header -> response.getHeaders().remove(header.name()));
            reply.headers().forEach(header -> response.getHeaders().add(header.name(), header.value()));
            reply.warnings().forEach(warning -> response.getHeaders().add("Warning", "299 - " + quoted(warning)));
            send(reply.body(), response, callback);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
        } catch (IOException e) {
            log.atDebug().setCause(e).log("Client went away");
            callback.failed(e);
        } catch (ApiFailure | StoreClosed e) {
            // Only a stream gets here, when its status line is long gone.
            callback.failed(e);
        }
        return true;
    }

    private static void send(Reply.Body body, Response response, Callback callback)
            throws IOException, InterruptedException {
        switch (body) {
            case Reply.Whole whole -> {
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, whole.bytes().length);
                response.write(true, ByteBuffer.wrap(whole.bytes()), callback);
            }
            case Reply.Stream stream -> {
                try (OutputStream out =
                        new BufferedOutputStream(Content.Sink.asOutputStream(response), STREAM_BUFFER)) {
                    stream.writeTo(out);
                }
                callback.succeeded();
            }
            case Reply.Switched _ -> throw new IllegalStateException("an upgrade is no answer");
        }
    }

    private Reply reply(Request request) {
        return Failures.told(request.getMethod(), request.getHttpURI().getPath(), () -> {
            guard.admit(
                    header(request, HttpHeader.HOST),
                    header(request, HttpHeader.ORIGIN),
                    header(request, "Sec-Fetch-Site"));
            return answerer.answer(call(request));
        });
    }

    private Call call(Request request) throws IOException {
        // Before the body is read: whoever is nobody is not listened to.
        Caller caller = callers.of(header(request, HttpHeader.AUTHORIZATION), impersonation(request));
        String query = request.getHttpURI().getQuery();
        return new Call(
                request.getMethod(),
                request.getHttpURI().getPath(),
                new Query(query == null ? "" : query),
                String.join(",", request.getHeaders().getValuesList(HttpHeader.ACCEPT)),
                header(request, HttpHeader.CONTENT_TYPE),
                header(request, HttpHeader.USER_AGENT),
                new Call.Body(body(request)),
                Upgrades.wanted(request),
                caller);
    }

    private static Map<String, List<String>> impersonation(Request request) {
        Map<String, List<String>> headers = new TreeMap<>();
        for (HttpField field : request.getHeaders()) {
            if (impersonates(field.getName())) {
                headers.computeIfAbsent(field.getLowerCaseName(), _ -> new ArrayList<>())
                        .add(String.valueOf(field.getValue()));
            }
        }
        return headers;
    }

    static boolean impersonates(String header) {
        return header.regionMatches(true, 0, IMPERSONATE, 0, IMPERSONATE.length());
    }

    private static byte[] body(Request request) throws IOException {
        if (request.getLength() == 0) {
            return new byte[0];
        }
        try (InputStream in = Content.Source.asInputStream(request)) {
            byte[] bytes = in.readNBytes(MAX_BODY + 1);
            if (bytes.length > MAX_BODY) {
                // A client that is cut off while it still sends never sees why.
                in.skipNBytes(Math.clamp(request.getLength() - bytes.length, 0, MAX_SKIPPED));
                throw tooLarge();
            }
            return bytes;
        }
    }

    private static ApiFailure tooLarge() {
        return ApiFailure.of(413, "RequestEntityTooLarge", "Request entity too large: limit is " + MAX_BODY);
    }

    private static String header(Request request, HttpHeader name) {
        return header(request, name.asString());
    }

    private static String header(Request request, String name) {
        String value = request.getHeaders().get(name);
        return value == null ? "" : value;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ") + '"';
    }
}
