package dev.linnet.machine.podproxy;

import dev.linnet.machine.proxy.Connections;
import dev.linnet.machine.proxy.Relay;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Serves one caller of a proxy: its requests one after the other, or one tunnel. */
final class ProxyConnection {
    private static final Duration BETWEEN_REQUESTS = Duration.ofMinutes(2);
    private static final Duration FOR_A_HEAD = Duration.ofSeconds(10);
    private static final Duration AFTER_A_REFUSAL = Duration.ofSeconds(1);

    private final SocketChannel caller;
    private final PodDialer dialer;
    private final Connections connections;
    private final HttpInput in;
    private final OutputStream out;
    private Optional<Upstream> kept = Optional.empty();

    ProxyConnection(SocketChannel caller, PodDialer dialer, Connections connections) throws IOException {
        this.caller = caller;
        this.dialer = dialer;
        this.connections = connections;
        this.in = new HttpInput(caller.socket());
        this.out = caller.socket().getOutputStream();
    }

    /** Returns when the caller has had all that it wants; its connection is to be closed then. */
    void serve() throws IOException, InterruptedException {
        try {
            boolean more = true;
            while (more && callerSpeaks()) {
                more = serveOne();
            }
        } catch (Refusal e) {
            refuse(e.status(), String.valueOf(e.getMessage()));
        } finally {
            drop();
        }
    }

    private boolean callerSpeaks() throws IOException {
        try {
            return in.await(BETWEEN_REQUESTS);
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private boolean serveOne() throws IOException, InterruptedException {
        return switch (ProxyRequest.of(head())) {
            case ProxyRequest.Tunnel tunnel -> serve(tunnel);
            case ProxyRequest.Forward forward -> serve(forward);
        };
    }

    private Head head() throws IOException {
        try {
            return Head.parse(in.head(FOR_A_HEAD));
        } catch (SocketTimeoutException e) {
            throw new Refusal(408, "the head did not come within " + FOR_A_HEAD.toSeconds() + " s", e);
        }
    }

    private boolean serve(ProxyRequest.Tunnel tunnel) throws IOException, InterruptedException {
        try {
            Upstream upstream = dial(tunnel.to());
            out.write(HttpInput.bytes("HTTP/1.1 200 Connection established\r\n\r\n"));
            in.flushTo(upstream.out());
            new Relay(caller, upstream.channel()).run();
        } catch (Refusal e) {
            refuse(e.status(), String.valueOf(e.getMessage()));
        }
        return false;
    }

    private boolean serve(ProxyRequest.Forward request) throws IOException, InterruptedException {
        try {
            return exchange(request);
        } catch (Refusal e) {
            drop();
            boolean lasting = request.lasting() && !request.hasBody();
            answer(e.status(), String.valueOf(e.getMessage()), lasting, request.method());
            if (!lasting) {
                linger();
            }
            return lasting;
        }
    }

    private boolean exchange(ProxyRequest.Forward request) throws IOException, InterruptedException {
        boolean reused = kept.filter(upstream -> upstream.serves(request.to())).isPresent();
        Upstream upstream = reused ? kept.orElseThrow() : dial(request.to());
        Exchange exchange = Exchange.begin(request, in, upstream);
        try {
            exchange.awaitAnswer();
        } catch (Refusal e) {
            if (!reused || request.hasBody()) {
                exchange.awaitUpload();
                throw e;
            }
            // It was closed while the request was on its way: RFC 9112, 9.3.1.
            exchange = Exchange.begin(request, in, dial(request.to()));
            exchange.awaitAnswer();
        }
        Exchange.Left left = exchange.pass(caller);
        if (!left.upstream()) {
            drop();
        }
        return left.caller();
    }

    private Upstream dial(Authority to) throws IOException {
        drop();
        Upstream upstream = new Upstream(to, dialer.dial(to), connections);
        kept = Optional.of(upstream);
        return upstream;
    }

    private void drop() {
        kept.ifPresent(Upstream::close);
        kept = Optional.empty();
    }

    private void refuse(int status, String why) throws IOException {
        answer(status, why, false, "");
        linger();
    }

    private void answer(int status, String why, boolean lasting, String method) throws IOException {
        byte[] body = (why + "\n").getBytes(StandardCharsets.UTF_8);
        Head head = new Head(
                "HTTP/1.1 " + status + " " + reason(status),
                List.of(
                        new Head.Field("Content-Type", "text/plain; charset=utf-8"),
                        new Head.Field("Content-Length", Integer.toString(body.length))));
        out.write((lasting ? head : head.with("Connection", "close")).bytes());
        if (!method.equals("HEAD")) {
            out.write(body);
        }
    }

    private static String reason(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 408 -> "Request Timeout";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "Bad Gateway";
        };
    }

    /** Closing while the caller still sends would make its system throw the answer away. */
    private void linger() throws IOException {
        caller.shutdownOutput();
        try {
            in.discard(AFTER_A_REFUSAL);
        } catch (SocketTimeoutException _) {
            // It has had its time.
        }
    }
}
