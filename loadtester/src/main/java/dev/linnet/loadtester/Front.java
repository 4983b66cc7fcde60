package dev.linnet.loadtester;

import dev.linnet.loadtester.task.Answer;
import dev.linnet.loadtester.task.Payload;
import dev.linnet.loadtester.task.TaskRunner;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The paths: health, gates, rollback gates, and tasks everywhere else. Any method will do, as with Flagger's. */
final class Front extends Handler.Abstract {
    private static final int MAX_BODY = 1 << 20;

    private final LoadTesterSettings settings;
    private final OwnName name;
    private final Gates gates = new Gates();
    private final TaskRunner tasks;

    Front(LoadTesterSettings settings, TaskRunner tasks) {
        this.settings = settings;
        this.name = new OwnName(settings.namespace());
        this.tasks = tasks;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Answer answer = answer(request);
        response.setStatus(answer.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        response.write(true, ByteBuffer.wrap(answer.text().getBytes(StandardCharsets.UTF_8)), callback);
        return true;
    }

    private Answer answer(Request request) throws IOException, InterruptedException {
        String path = Request.getPathInContext(request);
        if (path.equals("/healthz")) {
            return Answer.ok("OK");
        }
        if (!isProgram(request)) {
            return new Answer(
                    403,
                    "requests from web pages are refused (expected: no Origin, and a Host that is this load tester's)");
        }
        return switch (path) {
            case "/gate/approve" -> Answer.ok("OK");
            case "/gate/halt" -> Answer.FORBIDDEN;
            default -> settings.callers().accepts(caller(request)) ? answer(path, request) : stranger();
        };
    }

    private Answer answer(String path, Request request) throws IOException, InterruptedException {
        Payload payload;
        try {
            payload = Payload.read(body(request));
        } catch (Payload.Malformed e) {
            return Answer.refused(String.valueOf(e.getMessage()));
        }
        if (settings.namespaces().isPresent()
                && !settings.namespaces().get().matcher(payload.namespace()).find()) {
            return Answer.FORBIDDEN;
        }
        return switch (path) {
            case "/gate/check" -> check(payload.release());
            case "/gate/open" -> open(payload.release());
            case "/gate/close" -> close(payload.release());
            case "/rollback/check" -> check("rollback." + payload.release());
            case "/rollback/open" -> open("rollback." + payload.release());
            case "/rollback/close" -> close("rollback." + payload.release());
            default -> tasks.run(payload);
        };
    }

    private Answer check(String gate) {
        return gates.isOpen(gate) ? Answer.ok("Approved") : Answer.FORBIDDEN;
    }

    private Answer open(String gate) {
        gates.open(gate);
        settings.tasks().log().accept("gate " + gate + " opened");
        return Answer.ACCEPTED;
    }

    private Answer close(String gate) {
        gates.close(gate);
        settings.tasks().log().accept("gate " + gate + " closed");
        return Answer.ACCEPTED;
    }

    private boolean isProgram(Request request) {
        HttpFields headers = request.getHeaders();
        boolean page = headers.contains(HttpHeader.ORIGIN) || "cross-site".equals(headers.get("Sec-Fetch-Site"));
        return !page && name.isOwn(Request.getServerName(request));
    }

    private static Callers.Caller caller(Request request) {
        InetAddress address =
                request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote
                        ? remote.getAddress()
                        : InetAddress.getLoopbackAddress();
        Optional<String> token = Optional.ofNullable(request.getHeaders().get(HttpHeader.AUTHORIZATION))
                .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
                .map(value -> value.substring(7).strip());
        return new Callers.Caller(address, token);
    }

    private static Answer stranger() {
        return new Answer(
                403,
                "this load tester acts for Pods of its own namespace and for the controller (--allow-from widens that)");
    }

    private static byte[] body(Request request) throws IOException, Payload.Malformed {
        InputStream in = Content.Source.asInputStream(request);
        byte[] body = in.readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            throw new Payload.Malformed("the body has more than " + MAX_BODY + " bytes");
        }
        return body;
    }
}
