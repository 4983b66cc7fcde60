package dev.linnet.machine.podproxy;

import dev.linnet.machine.proxy.Relay;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One request on its way to where it goes, and the response on its way back. */
final class Exchange {
    /** Services may think long, and streams be silent; but a connection that is forgotten ends some day. */
    private static final Duration FOR_A_SIGN_OF_LIFE = Duration.ofHours(1);

    private static final Duration FOR_THE_REST = Duration.ofSeconds(2);
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.([01]) ([1-9]\\d\\d)( .*)?");

    private final ProxyRequest.Forward request;
    private final Upstream upstream;
    private final Upload upload;

    /**
     * What can be used for another exchange.
     *
     * @param caller   the connection to whoever asked
     * @param upstream the connection to whoever answered
     */
    record Left(boolean caller, boolean upstream) {}

    private record Response(Head head, int status, boolean lasting) {}

    private Exchange(ProxyRequest.Forward request, Upstream upstream, Upload upload) {
        this.request = request;
        this.upstream = upstream;
        this.upload = upload;
    }

    /** Begins to send the request, the body from {@code body}. */
    static Exchange begin(ProxyRequest.Forward request, HttpInput body, Upstream upstream) {
        upstream.send(request.head());
        // Even when nobody takes it: the caller does not look for an answer before it has said all.
        return new Exchange(request, upstream, Upload.start(body, request.body(), upstream, FOR_A_SIGN_OF_LIFE));
    }

    /** Waits for the first byte of an answer. */
    void awaitAnswer() throws Refusal {
        try {
            if (!upstream.in().await(FOR_A_SIGN_OF_LIFE)) {
                throw new EOFException("it closed the connection");
            }
        } catch (SocketTimeoutException e) {
            throw new Refusal(504, host() + " gave no answer within " + FOR_A_SIGN_OF_LIFE.toMinutes() + " min", e);
        } catch (IOException e) {
            throw new Refusal(502, host() + " gave no answer: " + e.getMessage(), e);
        }
    }

    private String host() {
        return request.to().text();
    }

    /**
     * Passes the response on to the caller. When it breaks off, so does the caller's connection: nobody is to take half an
     * answer for a whole one.
     *
     * @throws Refusal when the caller has been sent nothing yet
     */
    Left pass(SocketChannel caller) throws IOException, InterruptedException {
        OutputStream out = caller.socket().getOutputStream();
        Response response = response(out);
        Framing framing = framing(response);
        boolean ends = !(framing instanceof Framing.UntilClose);
        boolean lasting = request.lasting() && ends;
        Head passed = response.head();
        out.write((lasting ? passed : passed.with("Connection", "close")).bytes());
        try {
            upstream.in().copy(framing, out, FOR_A_SIGN_OF_LIFE);
        } catch (IOException e) {
            Relay.abort(caller);
            throw e;
        }
        boolean sent = upload.done(FOR_THE_REST);
        return new Left(lasting && sent, ends && sent && response.lasting());
    }

    /** The final one; interim ones are passed on before. */
    private Response response(OutputStream out) throws IOException {
        while (true) {
            Response response = head();
            if (response.status() >= 200) {
                return response;
            }
            if (response.status() == 101) {
                throw new Refusal(502, host() + " changes the protocol, which nobody asked for");
            }
            if (request.isModern()) {
                out.write(response.head().bytes());
            }
        }
    }

    private Response head() throws Refusal {
        try {
            Head head = Head.parse(upstream.in().head(FOR_A_SIGN_OF_LIFE));
            Matcher line = STATUS_LINE.matcher(head.firstLine());
            if (!line.matches()) {
                throw new Refusal(502, "the status line is not one");
            }
            boolean modern = line.group(1).equals("1");
            String reason = line.group(3) == null ? " " : line.group(3);
            return new Response(
                    head.forNextHop("HTTP/1.1 " + line.group(2) + reason),
                    Integer.parseInt(line.group(2)),
                    modern && !head.closes());
        } catch (IOException e) {
            throw badAnswer(e);
        }
    }

    private Framing framing(Response response) throws Refusal {
        try {
            return Framing.ofResponse(response.head(), request.method(), response.status());
        } catch (Refusal e) {
            throw badAnswer(e);
        }
    }

    private Refusal badAnswer(IOException e) {
        return new Refusal(502, host() + " does not answer in HTTP/1.1: " + e.getMessage(), e);
    }

    /** Gives the caller time to say all that it wanted to. */
    void awaitUpload() throws InterruptedException {
        boolean _ = upload.done(FOR_THE_REST);
    }
}
