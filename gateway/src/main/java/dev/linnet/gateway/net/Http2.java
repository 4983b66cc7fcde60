package dev.linnet.gateway.net;

import dev.linnet.gateway.exchange.Upstreams;
import dev.linnet.gateway.http.Caller;
import io.netty.channel.socket.SocketChannel;

/** HTTP/2 on one event loop, as connections of HTTP/1.1 need to know it: to hand over to it. */
public interface Http2 {
    /** Serves a client's connection from its first byte on. The handler is not in the pipeline yet. */
    Client serve(SocketChannel channel, Caller caller);

    /** Connections to endpoints that speak it. */
    Upstreams upstreams();
}
