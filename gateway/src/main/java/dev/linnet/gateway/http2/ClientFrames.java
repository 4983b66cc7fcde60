package dev.linnet.gateway.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;

/** What a client's frames mean to us, after Netty has looked at them. */
final class ClientFrames extends Http2FrameAdapter {
    private final Http2Client client;

    ClientFrames(Http2Client client) {
        this.client = client;
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int streamId,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean ended) {
        client.fieldsRead(streamId, (FieldList) headers, ended);
    }

    @Override
    public int onDataRead(ChannelHandlerContext context, int streamId, ByteBuf data, int padding, boolean ended) {
        return client.dataRead(streamId, data, padding, ended);
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext context, int streamId, int increment) {
        client.windowGrew(streamId);
    }
}
