package dev.linnet.machine.node.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;

/** SPDY/3.1 as kubectl speaks it: streams that the client opens, data both ways, no flow control; the connection below has that. */
final class SpdyFrames {
    /** Used by the one thread that receives. */
    private final EmbeddedChannel decoder = codec();
    /** Used by one thread after the other: headers are compressed in the order in which they are sent. */
    private final EmbeddedChannel encoder = codec();

    private final Talk talk;

    SpdyFrames(Talk talk) {
        this.talk = talk;
    }

    private static EmbeddedChannel codec() {
        return new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1, false));
    }

    /** A stream that the client has opened, with the headers that say what for. */
    record Opened(int stream, SpdySynStreamFrame frame) {

        /** A header's value; empty when it is absent. */
        String header(String name) {
            String value = frame.headers().getAsString(name.toLowerCase(Locale.ROOT));
            return value == null ? "" : value;
        }
    }

    /** What the client does, in its order. */
    interface Client {
        void opens(Opened opened) throws IOException;

        /** @param last nothing more comes on this stream */
        void sends(int stream, byte[] bytes, boolean last);

        void resets(int stream);
    }

    /** Tells what the client does until it closes the connection. */
    void run(Client client) throws IOException, InterruptedException {
        try {
            for (Optional<byte[]> bytes = talk.receive(); bytes.isPresent(); bytes = talk.receive()) {
                decoder.writeInbound(Unpooled.wrappedBuffer(bytes.get()));
                for (Object frame = decoder.readInbound(); frame != null; frame = decoder.readInbound()) {
                    try {
                        tell(client, frame);
                    } finally {
                        ReferenceCountUtil.release(frame);
                    }
                }
            }
        } finally {
            decoder.finishAndReleaseAll();
            synchronized (encoder) {
                encoder.finishAndReleaseAll();
            }
        }
    }

    private void tell(Client client, Object frame) throws IOException {
        switch (frame) {
            case SpdySynStreamFrame opened -> {
                DefaultSpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(opened.streamId());
                // Without any header kubectl takes the connection for lost.
                reply.headers().set("accepted", "true");
                send(reply);
                client.opens(new Opened(opened.streamId(), opened));
            }
            case SpdyDataFrame data ->
                client.sends(data.streamId(), ByteBufUtil.getBytes(data.content()), data.isLast());
            case SpdyRstStreamFrame reset -> client.resets(reset.streamId());
            case SpdyPingFrame ping -> send(new DefaultSpdyPingFrame(ping.id()));
            default -> {}
        }
    }

    void send(int stream, byte[] bytes, int length) throws IOException {
        send(new DefaultSpdyDataFrame(stream, Unpooled.copiedBuffer(bytes, 0, length)));
    }

    /** The last that comes on a stream. */
    void sendLast(int stream, byte[] content) throws IOException {
        DefaultSpdyDataFrame last = new DefaultSpdyDataFrame(stream, Unpooled.wrappedBuffer(content));
        last.setLast(true);
        send(last);
    }

    private void send(Object frame) throws IOException {
        synchronized (encoder) {
            if (!encoder.isOpen()) {
                throw new IOException("the client is gone");
            }
            encoder.writeOutbound(frame);
            for (ByteBuf bytes = encoder.readOutbound(); bytes != null; bytes = encoder.readOutbound()) {
                byte[] message = ByteBufUtil.getBytes(bytes);
                bytes.release();
                talk.send(ByteBuffer.wrap(message));
            }
        }
    }
}
