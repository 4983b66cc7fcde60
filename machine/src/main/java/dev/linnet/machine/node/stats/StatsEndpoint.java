package dev.linnet.machine.node.stats;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.linnet.machine.node.http.Refusal;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers {@code GET /stats/summary} for the node at whose address it is asked. */
public final class StatsEndpoint extends Handler.Abstract {
    private static final String PATH = "/stats/summary";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Meter meter;
    private final Function<String, Optional<String>> nodeAt;

    /** @param nodeAt the node of an IP address */
    public StatsEndpoint(Meter meter, Function<String, Optional<String>> nodeAt) {
        this.meter = meter;
        this.nodeAt = nodeAt;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!Request.getPathInContext(request).equals(PATH)) {
            return false;
        }
        Optional<String> node = nodeAt.apply(Request.getLocalAddr(request));
        if (node.isEmpty()) {
            return new Refusal(HttpStatus.NOT_FOUND_404, "no node is at this address").write(response, callback);
        }
        String json = JSON.writeValueAsString(new Summary(node.get(), meter.read()).tree());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, ByteBuffer.wrap(json.getBytes(UTF_8)), callback);
        return true;
    }
}
