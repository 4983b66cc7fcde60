package dev.linnet.gateway.net;

import dev.linnet.gateway.exchange.Asker;
import dev.linnet.gateway.exchange.Manner;
import dev.linnet.gateway.exchange.UpstreamEnd;
import dev.linnet.gateway.http.Caller;
import dev.linnet.routing.Endpoint;
import io.netty.channel.socket.SocketChannel;

/** HTTP/2 on one event loop, as connections of HTTP/1.1 need to know it: to hand over to it. */
public interface Http2 {
    /** Serves a client's connection from its first byte on. The handler is not in the pipeline yet. */
    Client serve(SocketChannel channel, Caller caller);

    /** As {@link dev.linnet.gateway.exchange.Upstreams#open}. */
    UpstreamEnd open(Endpoint endpoint, Manner.Http2 manner, boolean fresh, Asker asker);

    /** An endpoint is not to be used any more: its connections are closed as soon as nothing is under way on them. */
    void forget(Endpoint endpoint);

    /** Closes what connections to endpoints there are. */
    void closeAll();
}
