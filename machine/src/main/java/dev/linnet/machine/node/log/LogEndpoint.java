package dev.linnet.machine.node.log;

import dev.linnet.machine.node.http.Refusal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
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
 * {@code kubectl logs} on to it.
 */
public final class LogEndpoint extends Handler.Abstract {
    private static final Logger log = LoggerFactory.getLogger(LogEndpoint.class);
    private static final Pattern PATH = Pattern.compile("/containerLogs/([^/]+)/([^/]+)/([^/]+)");
    private static final int READERS = 256;

    private final LogStore store;
    private final LogLookup lookup;
    private final InstantSource clock;
    private final Semaphore readers = new Semaphore(READERS);

    public LogEndpoint(LogStore store, LogLookup lookup, InstantSource clock) {
        this.store = store;
        this.lookup = lookup;
        this.clock = clock;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Matcher path = PATH.matcher(Request.getPathInContext(request));
        if (!path.matches()) {
            return false;
        }
        if (!readers.tryAcquire()) {
            return new Refusal(HttpStatus.SERVICE_UNAVAILABLE_503, "too many readers of logs")
                    .write(response, callback);
        }
        try {
            serve(path, request, response, callback);
        } finally {
            readers.release();
        }
        return true;
    }

    private void serve(Matcher path, Request request, Response response, Callback callback) throws IOException {
        switch (lookup.find(path.group(1), path.group(2), path.group(3))) {
            case LogLookup.Unknown unknown ->
                new Refusal(HttpStatus.NOT_FOUND_404, unknown.message()).write(response, callback);
            case LogLookup.NotYet notYet ->
                new Refusal(HttpStatus.BAD_REQUEST_400, notYet.message()).write(response, callback);
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
            new Refusal(HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage())).write(response, callback);
            return;
        }
        Optional<LogFiles> files = store.find(wanted.previous() ? found.previous() : found.life());
        if (files.isEmpty() && wanted.previous()) {
            String message = "previous terminated container \"%s\" in pod \"%s\" not found"
                    .formatted(path.group(3), path.group(2));
            new Refusal(HttpStatus.BAD_REQUEST_400, message).write(response, callback);
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
}
