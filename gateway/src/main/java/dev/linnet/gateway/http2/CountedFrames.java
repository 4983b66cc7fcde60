package dev.linnet.gateway.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/** Reads frames as another does, and charges for them before anybody looks at what they mean: also for those that nobody would look at. */
final class CountedFrames implements Http2FrameReader {
    private final Http2FrameReader frames;
    private final Patience patience;
    private @Nullable Http2FrameListener counted;
    private @Nullable Http2FrameListener counting;

    CountedFrames(Http2FrameReader frames, Patience patience) {
        this.frames = frames;
        this.patience = patience;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // it is always the same listener, wrapped once
    public void readFrame(ChannelHandlerContext context, ByteBuf in, Http2FrameListener listener)
            throws Http2Exception {
        if (counting == null || counted != listener) {
            counted = listener;
            counting = new Counting(listener);
        }
        frames.readFrame(context, in, counting);
    }

    @Override
    public Configuration configuration() {
        return frames.configuration();
    }

    @Override
    public void close() {
        frames.close();
    }

    private final class Counting extends Http2FrameListenerDecorator {
        Counting(Http2FrameListener listener) {
            super(listener);
        }

        @Override
        public int onDataRead(
                ChannelHandlerContext context, int streamId, ByteBuf data, int padding, boolean endOfStream)
                throws Http2Exception {
            if (data.isReadable() || endOfStream) {
                patience.earn(1);
            } else {
                patience.spend(Patience.USELESS);
            }
            return super.onDataRead(context, streamId, data, padding, endOfStream);
        }

        @Override
        public void onPriorityRead(
                ChannelHandlerContext context, int streamId, int dependency, short weight, boolean exclusive)
                throws Http2Exception {
            patience.spend(Patience.CONTROL); // priorities mean nothing here (RFC 9113 §5.3)
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext context, int streamId, long error) throws Http2Exception {
            patience.spend(Patience.RESET);
            super.onRstStreamRead(context, streamId, error);
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) throws Http2Exception {
            patience.spend(Patience.USELESS);
            super.onSettingsRead(context, settings);
        }

        @Override
        public void onPingRead(ChannelHandlerContext context, long data) throws Http2Exception {
            patience.spend(Patience.CONTROL);
            super.onPingRead(context, data);
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext context, long data) throws Http2Exception {
            patience.spend(Patience.CONTROL);
            super.onPingAckRead(context, data);
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext context, int streamId, int increment)
                throws Http2Exception {
            patience.spend(Patience.CONTROL);
            super.onWindowUpdateRead(context, streamId, increment);
        }

        @Override
        public void onUnknownFrame(
                ChannelHandlerContext context, byte type, int streamId, Http2Flags flags, ByteBuf payload)
                throws Http2Exception {
            patience.spend(Patience.CONTROL);
            super.onUnknownFrame(context, type, streamId, flags, payload);
        }
    }
}
