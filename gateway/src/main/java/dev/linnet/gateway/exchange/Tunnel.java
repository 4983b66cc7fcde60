package dev.linnet.gateway.exchange;

import dev.linnet.gateway.exchange.ClientEnd.Ending;
import dev.linnet.numbers.Failure;
import io.netty.buffer.ByteBuf;

/** After {@code 101}: bytes in both directions, until both ends have said that they are done. That is the end of the exchange. */
final class Tunnel {
    private final Exchange exchange;
    private final ClientEnd client;
    private final UpstreamEnd upstream;
    private final ResponseRelay response;
    private boolean clientDone;
    private boolean upstreamDone;
    private long bytesUp;

    Tunnel(Exchange exchange, ClientEnd client, UpstreamEnd upstream, ResponseRelay response) {
        this.exchange = exchange;
        this.client = client;
        this.upstream = upstream;
        this.response = response;
    }

    void up(ByteBuf in) {
        int readable = in.readableBytes();
        bytesUp += readable;
        upstream.write(in.readRetainedSlice(readable));
    }

    void down(ByteBuf in) {
        response.write(client, in.readRetainedSlice(in.readableBytes()));
    }

    void clientDone() {
        clientDone = true;
        upstream.shutdownOutput();
        endIfDone();
    }

    void upstreamDone() {
        upstreamDone = true;
        client.shutdownOutput();
        endIfDone();
    }

    private void endIfDone() {
        if (clientDone && upstreamDone) {
            exchange.finish(Failure.NONE, Ending.CLOSE);
        }
    }

    long bytesUp() {
        return bytesUp;
    }
}
