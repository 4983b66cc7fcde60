package dev.linnet.gateway.exchange;

import io.netty.buffer.ByteBuf;

/** After {@code 101}: bytes in both directions, until both ends have said that they are done. */
final class Tunnel {
    private final ClientEnd client;
    private final UpstreamEnd upstream;
    private final ResponseRelay response;
    private boolean clientDone;
    private boolean upstreamDone;
    private long bytesUp;

    Tunnel(ClientEnd client, UpstreamEnd upstream, ResponseRelay response) {
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
    }

    void upstreamDone() {
        upstreamDone = true;
        client.shutdownOutput();
    }

    boolean isDone() {
        return clientDone && upstreamDone;
    }

    long bytesUp() {
        return bytesUp;
    }
}
