package dev.linnet.gateway.http2;

import dev.linnet.gateway.exchange.Asker;
import dev.linnet.gateway.exchange.Manner;
import dev.linnet.gateway.exchange.UpstreamEnd;
import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.net.Client;
import dev.linnet.gateway.net.Http2;
import dev.linnet.gateway.net.NetLoop;
import dev.linnet.routing.Endpoint;
import io.netty.channel.socket.SocketChannel;

/** What one event loop has for HTTP/2: tools that its connections share, because one thread uses them. */
public final class Http2Loop implements Http2 {
    private final NetLoop net;
    private final RequestFields requestFields = new RequestFields();
    private final ResponseFields responseFields = new ResponseFields();
    private final Http2Pool pool = new Http2Pool(this);
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
    public UpstreamEnd open(Endpoint endpoint, Manner.Http2 manner, boolean fresh, Asker asker) {
        return pool.open(endpoint, manner, fresh, asker);
    }

    @Override
    public void forget(Endpoint endpoint) {
        pool.forget(endpoint);
    }

    @Override
    public void closeAll() {
        pool.closeAll();
    }

    NetLoop net() {
        return net;
    }

    RequestFields requestFields() {
        return requestFields;
    }

    ResponseFields responseFields() {
        return responseFields;
    }

    RequestLines requestLines() {
        return requestLines;
    }

    ResponseLines responseLines() {
        return responseLines;
    }
}
