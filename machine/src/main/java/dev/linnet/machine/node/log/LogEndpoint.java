package dev.linnet.machine.node.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /containerLogs/{namespace}/{pod}/{container}} as kubelet does; the API server passes
 * {@code kubectl logs} on to it. Everybody else is kept out: a web page cannot know the token, and is refused even if it did.
 */
final class LogEndpoint extends Handler.Abstract {
    private static final Logger log = LoggerFactory.getLogger(LogEndpoint.class);
    private static final Pattern PATH = Pattern.compile("/containerLogs/([^/]+)/([^/]+)/([^/]+)");
    private static final String BEARER = "Bearer ";
    private static final int READERS = 256;

    private final LogStore store;
    private final LogLookup lookup;
    private final Predicate<String> isToken;
    private final InstantSource clock;
    private final Semaphore readers = new Semaphore(READERS);

    /** @param isToken whether a token gives access; takes the same time whatever the answer */
    LogEndpoint(LogStore store, LogLookup lookup, Predicate<String> isToken, InstantSource clock) {
        this.store = store;
        this.lookup = lookup;
        this.isToken = isToken;
        this.clock = clock;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Optional<Refusal> refusal = refusal(request);
        if (refusal.isPresent()) {
            refuse(refusal.get(), response, callback);
            return true;
        }
        if (!readers.tryAcquire()) {
            refuse(new Refusal(503, "too many readers of logs"), response, callback);
            return true;
        }
        try {
            serve(request, response, callback);
        } finally {
            readers.release();
        }
        return true;
    }

    private record Refusal(int status, String message) {}

    private Optional<Refusal> refusal(Request request) {
        if (request.getHeaders().contains(HttpHeader.ORIGIN)) {
            return Optional.of(new Refusal(HttpStatus.FORBIDDEN_403, "web pages may not read logs"));
        }
        String host = Request.getServerName(request);
        if (!host.equals(Request.getLocalAddr(request)) && !host.equals("localhost")) {
            return Optional.of(new Refusal(
                    HttpStatus.FORBIDDEN_403, "the request is for another host (expected: this node's address)"));
        }
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (authorization == null
                || !authorization.startsWith(BEARER)
                || !isToken.test(authorization.substring(BEARER.length()))) {
            return Optional.of(new Refusal(HttpStatus.UNAUTHORIZED_401, "Unauthorized"));
        }
        return request.getMethod().equals("GET")
                ? Optional.empty()
                : Optional.of(new Refusal(HttpStatus.METHOD_NOT_ALLOWED_405, "only GET is allowed"));
    }

    private void serve(Request request, Response response, Callback callback) throws IOException {
        Matcher path = PATH.matcher(Request.getPathInContext(request));
        if (!path.matches()) {
            refuse(new Refusal(HttpStatus.NOT_FOUND_404, "404 page not found"), response, callback);
            return;
        }
        switch (lookup.find(path.group(1), path.group(2), path.group(3))) {
            case LogLookup.Unknown unknown ->
                refuse(new Refusal(HttpStatus.NOT_FOUND_404, unknown.message()), response, callback);
            case LogLookup.NotYet notYet ->
                refuse(new Refusal(HttpStatus.BAD_REQUEST_400, notYet.message()), response, callback);
            case LogLookup.Found found -> serve(found, path, request, response, callback);
        }
    }

    private void serve(LogLookup.Found found, Matcher path, Request request, Response response, Callback callback)
            throws IOException {
        LogRequest wanted;
        try {
            Fields query = Request.extractQueryParameters(request);
            wanted = LogRequest.parse(query::getValue, clock.instant());
        } catch (IllegalArgumentException e) {
            refuse(new Refusal(HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage())), response, callback);
            return;
        }
        Optional<LogFiles> files = store.find(wanted.previous() ? found.previous() : found.life());
        if (files.isEmpty() && wanted.previous()) {
            String message = "previous terminated container \"%s\" in pod \"%s\" not found"
                    .formatted(path.group(3), path.group(2));
            refuse(new Refusal(HttpStatus.BAD_REQUEST_400, message), response, callback);
            return;
        }
        copy(files, wanted, response, callback);
    }

    private static void copy(Optional<LogFiles> files, LogRequest wanted, Response response, Callback callback) {
        response.setStatus(HttpStatus.OK_200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
        try (OutputStream out = Content.Sink.asOutputStream(response)) {
            // The reader learns at once that it will get something, however long the container is silent.
            Content.Sink.write(response, false, ByteBuffer.allocate(0));
            if (files.isPresent()) {
                new LogCopy(files.get(), wanted, out).run();
            }
            callback.succeeded();
        } catch (IOException e) {
            log.atDebug().setCause(e).log("Reader of a log has left");
            callback.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
        }
    }

    private static void refuse(Refusal refusal, Response response, Callback callback) {
        response.setStatus(refusal.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        response.write(true, ByteBuffer.wrap(refusal.message().getBytes(UTF_8)), callback);
    }
}
