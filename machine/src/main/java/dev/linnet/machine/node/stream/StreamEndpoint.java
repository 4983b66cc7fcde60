package dev.linnet.machine.node.stream;

import dev.linnet.machine.node.http.Refusal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;

/**
 * Answers {@code /portForward/{namespace}/{pod}}, {@code /exec/{namespace}/{pod}/{container}} and {@code /attach/…} over WebSocket and SPDY, as kubelet
 * does; the API server passes what clients say through as it is.
 */
public final class StreamEndpoint extends Handler.Abstract {
    private static final Pattern PATH = Pattern.compile("/(portForward|exec|attach)/([^/]+)/([^/]+)(?:/([^/]+))?");
    private static final List<String> CHANNELS = List.of("v5.channel.k8s.io", "v4.channel.k8s.io");
    private static final String SPDY_FORWARDING = "portforward.k8s.io";
    private static final String SPDY_IN_WEB_SOCKET = "SPDY/3.1+portforward.k8s.io";
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");
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

    /**
     * How a client is answered.
     *
     * @param webSocket else SPDY on the connection itself
     * @param protocol  the one of those that the client offers
     */
    private record Agreed(boolean webSocket, String protocol, Conversation conversation) {}

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
        Offer offer = Offer.of(request);
        Optional<Agreed> agreed = path.group(1).equals("portForward")
                ? forwarding(pod.get(), request, offer)
                : running(pod.get(), path, request, offer);
        if (agreed.isEmpty()) {
            return new Refusal(
                            HttpStatus.BAD_REQUEST_400,
                            "unable to upgrade to " + offer.upgrade() + " with one of " + offer.protocols()
                                    + " (expected: a WebSocket with " + String.join(" or ", CHANNELS)
                                    + ", or SPDY/3.1)")
                    .write(response, callback);
        }
        if (!streams.tryAcquire()) {
            return new Refusal(HttpStatus.SERVICE_UNAVAILABLE_503, "too many streams").write(response, callback);
        }
        return begin(agreed.get(), request, response, callback);
    }

    private static Optional<Agreed> forwarding(PodAccess pod, Request request, Offer offer) {
        String spdy = offer.webSocket() ? SPDY_IN_WEB_SOCKET : SPDY_FORWARDING;
        if (offer.has(spdy)) {
            return Optional.of(new Agreed(offer.webSocket(), spdy, new SpdyForwarding(pod)));
        }
        if (!offer.webSocket()) {
            return Optional.empty();
        }
        List<Integer> ports = Request.extractQueryParameters(request).getValuesOrEmpty("ports").stream()
                .flatMap(value -> Pattern.compile(",").splitAsStream(value))
                .filter(PORT.asMatchPredicate())
                .map(Integer::valueOf)
                .toList();
        return offer.firstOf(CHANNELS).map(protocol -> new Agreed(true, protocol, new ChannelForwarding(pod, ports)));
    }

    private static Optional<Agreed> running(PodAccess pod, Matcher path, Request request, Offer offer) {
        String container = path.group(4);
        Fields query = Request.extractQueryParameters(request);
        Set<String> wanted = new HashSet<>(Set.of("error"));
        for (String stream : List.of("stdin", "stdout", "stderr")) {
            if (isTrue(query.getValue(stream))) {
                wanted.add(stream);
            }
        }
        boolean attach = path.group(1).equals("attach");
        ChannelExec.Start start =
                attach ? () -> pod.attach(container) : () -> pod.start(container, query.getValuesOrEmpty("command"));
        return offer.firstOf(CHANNELS)
                .map(protocol -> new Agreed(
                        offer.webSocket(),
                        protocol,
                        offer.webSocket()
                                ? new ChannelExec(start, wanted.contains("stdin"))
                                : new SpdyExec(start, wanted)));
    }

    private static boolean isTrue(String flag) {
        return "true".equals(flag) || "1".equals(flag);
    }

    private boolean begin(Agreed agreed, Request request, Response response, Callback callback) {
        Conversation counted = talk -> {
            try {
                agreed.conversation().hold(talk);
            } finally {
                streams.release();
            }
        };
        if (!agreed.webSocket()) {
            switchToSpdy(agreed.protocol(), counted, request, response);
            callback.succeeded();
            return true;
        }
        WebSocketNegotiator negotiator = (_, upgrade, _) -> {
            upgrade.setAcceptedSubProtocol(agreed.protocol());
            return new Socket(counted);
        };
        Configuration.ConfigurationCustomizer limits = new Configuration.ConfigurationCustomizer();
        limits.setIdleTimeout(IDLE);
        limits.setMaxFrameSize(LARGEST_FRAME);
        if (!upgrades.upgrade(negotiator, request, response, callback, limits)) {
            streams.release();
            return new Refusal(HttpStatus.BAD_REQUEST_400, "unable to upgrade: no WebSocket handshake")
                    .write(response, callback);
        }
        return true;
    }

    private static void switchToSpdy(String protocol, Conversation conversation, Request request, Response response) {
        response.setStatus(HttpStatus.SWITCHING_PROTOCOLS_101);
        response.getHeaders().put(HttpHeader.UPGRADE, "SPDY/3.1");
        response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
        response.getHeaders().put(Offer.STREAM_PROTOCOL, protocol);
        EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
        request.setAttribute(
                HttpStream.UPGRADE_CONNECTION_ATTRIBUTE,
                new Bytes(client, request.getComponents().getExecutor(), conversation, IDLE));
    }
}
