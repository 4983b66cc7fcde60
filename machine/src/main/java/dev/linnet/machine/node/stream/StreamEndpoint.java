package dev.linnet.machine.node.stream;

import dev.linnet.machine.node.http.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;

/**
 * Answers {@code /portForward/{namespace}/{pod}}, {@code /exec/{namespace}/{pod}/{container}} and {@code /attach/…} over WebSocket, as kubelet does; the
 * API server passes what clients say through as it is.
 */
public final class StreamEndpoint extends Handler.Abstract {
    private static final Pattern PATH = Pattern.compile("/(portForward|exec|attach)/([^/]+)/([^/]+)(?:/([^/]+))?");
    private static final List<String> CHANNELS = List.of("v5.channel.k8s.io", "v4.channel.k8s.io");
    private static final int STREAMS = 256;
    /** Kubelet's. */
    private static final Duration IDLE = Duration.ofHours(4);

    private static final long LARGEST_FRAME = 4 << 20;

    private final PodAccess.Lookup pods;
    private final WebSocketComponents components = new WebSocketComponents();
    private final WebSocketMappings upgrades = new WebSocketMappings(components);
    private final Semaphore streams = new Semaphore(STREAMS);

    public StreamEndpoint(PodAccess.Lookup pods) {
        this.pods = pods;
        installBean(components);
    }

    /** What a client wants and in which of the protocols that it offers. */
    private record Agreed(String protocol, Conversation conversation) {}

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Matcher path = PATH.matcher(Request.getPathInContext(request));
        if (!path.matches()) {
            return false;
        }
        Optional<PodAccess> pod = pods.find(path.group(2), path.group(3));
        if (pod.isEmpty()) {
            return new Refusal(HttpStatus.NOT_FOUND_404, "pod \"" + path.group(3) + "\" not found")
                    .write(response, callback);
        }
        List<String> offered = offered(request);
        Optional<Agreed> agreed = path.group(1).equals("portForward")
                ? forwarding(pod.get(), request, offered)
                : running(pod.get(), path, request, offered);
        if (agreed.isEmpty()) {
            return new Refusal(
                            HttpStatus.BAD_REQUEST_400,
                            "unable to upgrade: offered are the protocols " + offered
                                    + " (expected: a WebSocket with one of " + CHANNELS + " or "
                                    + SpdyForwarding.PROTOCOL + "; kubectl 1.31 and newer)")
                    .write(response, callback);
        }
        if (!streams.tryAcquire()) {
            return new Refusal(HttpStatus.SERVICE_UNAVAILABLE_503, "too many streams").write(response, callback);
        }
        return upgrade(agreed.get(), request, response, callback);
    }

    private static List<String> offered(Request request) {
        List<String> offered = new ArrayList<>();
        if ("websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE))) {
            offered.addAll(request.getHeaders().getCSV(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, false));
        }
        return offered;
    }

    private static Optional<Agreed> forwarding(PodAccess pod, Request request, List<String> offered) {
        if (offered.contains(SpdyForwarding.PROTOCOL)) {
            return Optional.of(new Agreed(SpdyForwarding.PROTOCOL, new SpdyForwarding(pod)));
        }
        List<Integer> ports = Request.extractQueryParameters(request).getValuesOrEmpty("ports").stream()
                .flatMap(value -> Pattern.compile(",").splitAsStream(value))
                .map(Integer::valueOf)
                .toList();
        return channels(offered).map(protocol -> new Agreed(protocol, new ChannelForwarding(pod, ports)));
    }

    private static Optional<Agreed> running(PodAccess pod, Matcher path, Request request, List<String> offered) {
        String container = path.group(4);
        if (path.group(1).equals("attach")) {
            return channels(offered).map(protocol -> new Agreed(protocol, new ChannelAttach(pod, container)));
        }
        Fields query = Request.extractQueryParameters(request);
        List<String> command = query.getValuesOrEmpty("command");
        boolean input = isTrue(query.getValue("stdin"));
        return channels(offered)
                .map(protocol -> new Agreed(protocol, new ChannelExec(() -> pod.start(container, command), input)));
    }

    private static Optional<String> channels(List<String> offered) {
        return CHANNELS.stream().filter(offered::contains).findFirst();
    }

    private static boolean isTrue(String flag) {
        return "true".equals(flag) || "1".equals(flag);
    }

    private boolean upgrade(Agreed agreed, Request request, Response response, Callback callback) {
        Socket socket = new Socket(stream -> {
            try {
                agreed.conversation().hold(stream);
            } finally {
                streams.release();
            }
        });
        WebSocketNegotiator negotiator = (_, upgrade, _) -> {
            upgrade.setAcceptedSubProtocol(agreed.protocol());
            return socket;
        };
        Configuration.ConfigurationCustomizer limits = new Configuration.ConfigurationCustomizer();
        limits.setIdleTimeout(IDLE);
        limits.setMaxFrameSize(LARGEST_FRAME);
        boolean upgraded = upgrades.upgrade(negotiator, request, response, callback, limits);
        if (!upgraded) {
            streams.release();
            return new Refusal(HttpStatus.BAD_REQUEST_400, "unable to upgrade: no WebSocket handshake")
                    .write(response, callback);
        }
        return true;
    }
}
