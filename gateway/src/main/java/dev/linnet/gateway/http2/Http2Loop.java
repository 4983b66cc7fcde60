package dev.linnet.gateway.http2;

import dev.linnet.gateway.exchange.Upstreams;
import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.net.Client;
import dev.linnet.gateway.net.Http2;
import dev.linnet.gateway.net.NetLoop;
import io.netty.channel.socket.SocketChannel;

/** What one event loop has for HTTP/2: tools that its connections share, because one thread uses them. */
public final class Http2Loop implements Http2 {
    private final NetLoop net;
    private final RequestFields requestFields = new RequestFields();
    private final Interned interned = new Interned();
    private final ResponseLines responseLines = new ResponseLines(interned);
    private final RequestLines requestLines = new RequestLines(interned);

    public Http2Loop(NetLoop net) {
        this.net = net;
    }

    @Override
    public Client serve(SocketChannel channel, Caller caller) {
        return Http2Client.of(this, channel, caller);
    }

    @Override
    public Upstreams upstreams() {
        throw new IllegalStateException("no endpoint is spoken to in HTTP/2 yet");
    }

    NetLoop net() {
        return net;
    }

    RequestFields requestFields() {
        return requestFields;
    }

    RequestLines requestLines() {
        return requestLines;
    }

    ResponseLines responseLines() {
        return responseLines;
    }
}
