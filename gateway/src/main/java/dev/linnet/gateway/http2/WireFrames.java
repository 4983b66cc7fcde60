package dev.linnet.gateway.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;

/** What a peer's frames mean to us, after Netty has looked at them. */
final class WireFrames extends Http2FrameAdapter {
    private final Http2Wire wire;

    WireFrames(Http2Wire wire) {
        this.wire = wire;
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context, int streamId, Http2Headers headers, int padding, boolean ended) {
        wire.fieldsRead(streamId, (FieldList) headers, ended);
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
        wire.fieldsRead(streamId, (FieldList) headers, ended);
    }

    @Override
    public int onDataRead(ChannelHandlerContext context, int streamId, ByteBuf data, int padding, boolean ended) {
        return wire.dataRead(streamId, data, padding, ended);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext context, int streamId, long error) {
        wire.resetRead(streamId, Http2Error.valueOf(error));
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) {
        wire.settingsRead();
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext context, int streamId, int increment) {
        wire.windowGrew(streamId);
    }
}
