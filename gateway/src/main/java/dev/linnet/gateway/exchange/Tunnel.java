package dev.linnet.gateway.exchange;

import io.netty.buffer.ByteBuf;

/** After {@code 101}: bytes in both directions, until both ends have said that they are done. */
final class Tunnel {
    private final ClientEnd client;
    private final UpstreamEnd upstream;
    private boolean clientDone;
    private boolean upstreamDone;
    private long bytesUp;
    private long bytesDown;

    Tunnel(ClientEnd client, UpstreamEnd upstream) {
        this.client = client;
        this.upstream = upstream;
    }

    void up(ByteBuf in) {
        int readable = in.readableBytes();
        bytesUp += readable;
        upstream.write(in.readRetainedSlice(readable));
    }

    void down(ByteBuf in) {
        int readable = in.readableBytes();
        bytesDown += readable;
        client.write(in.readRetainedSlice(readable));
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

    long bytesDown() {
        return bytesDown;
    }
}
