package dev.linnet.gateway.trace;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcSenderConfig;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a collector, and calls of gRPC on it, one after the other: HTTP/2 in the clear without asking, which the JDK's client
 * cannot. It has an event loop of its own. After any failure the next call begins with a new connection.
 */
final class CollectorConnection implements GrpcSender {
    private static final int HEAD_LENGTH = 5;

    private final GrpcSenderConfig config;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("linnet-otlp", true), NioIoHandler.newFactory());
    private @Nullable Channel connection;

    CollectorConnection(GrpcSenderConfig config) {
        this.config = config;
    }

    @Override
    public void send(MessageWriter message, Consumer<GrpcResponse> answered, Consumer<Throwable> failed) {
        try {
            call(framed(message), new Call(answered, failed));
        } catch (Exception e) { // Netty throws what it does not declare
            close();
            failed.accept(e);
        }
    }

    private static ByteBuf framed(MessageWriter message) throws IOException {
        int length = message.getContentLength();
        ByteBuf framed = Unpooled.buffer(HEAD_LENGTH + length).writeByte(0).writeInt(length);
        try (ByteBufOutputStream out = new ByteBufOutputStream(framed)) {
            message.writeMessage(out);
        }
        return framed;
    }

    private void call(ByteBuf body, Call call) {
        Http2StreamChannel stream = new Http2StreamChannelBootstrap(connection())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new ReadTimeoutHandler(
                                        config.getTimeout().toMillis(), TimeUnit.MILLISECONDS))
                                .addLast(call);
                    }
                })
                .open()
                .syncUninterruptibly()
                .getNow();
        stream.write(new DefaultHttp2HeadersFrame(head(), false));
        stream.writeAndFlush(new DefaultHttp2DataFrame(body, true));
    }

    private Http2Headers head() {
        Http2Headers head = new DefaultHttp2Headers()
                .method("POST")
                .scheme("http")
                .path("/" + config.getFullMethodName())
                .authority(config.getEndpoint().getAuthority());
        config.getHeadersSupplier().get().forEach((name, values) -> head.set(name.toLowerCase(Locale.ROOT), values));
        head.set("content-type", "application/grpc").set("te", "trailers");
        return head;
    }

    private Channel connection() {
        Channel known = connection;
        if (known != null && known.isActive()) {
            return known;
        }
        URI collector = config.getEndpoint();
        Channel made = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        config.getConnectTimeout().toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(Http2FrameCodecBuilder.forClient()
                                        .initialSettings(
                                                Http2Settings.defaultSettings().pushEnabled(false))
                                        .build())
                                .addLast(new Http2MultiplexHandler(new Uninvited()))
                                .addLast(new Broken());
                    }
                })
                .connect(collector.getHost(), collector.getPort())
                .syncUninterruptibly()
                .channel();
        connection = made;
        return made;
    }

    private void close() {
        Channel known = connection;
        connection = null;
        if (known != null) {
            known.close();
        }
    }

    @Override
    public CompletableResultCode shutdown() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        return CompletableResultCode.ofSuccess();
    }

    /** A collector begins no streams. */
    @ChannelHandler.Sharable
    private static final class Uninvited extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.close();
        }
    }

    /** What is wrong with a connection is told by the call that it fails. */
    private static final class Broken extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    /** One call; it ends once. */
    private static final class Call extends ChannelInboundHandlerAdapter {
        private final Consumer<GrpcResponse> answered;
        private final Consumer<Throwable> failed;
        private boolean over;

        Call(Consumer<GrpcResponse> answered, Consumer<Throwable> failed) {
            this.answered = answered;
            this.failed = failed;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            if (frame instanceof Http2HeadersFrame head && head.isEndStream()) {
                end(context, head.headers());
            } else {
                ReferenceCountUtil.release(frame); // what it says beside the status helps nobody
            }
        }

        private void end(ChannelHandlerContext context, Http2Headers last) {
            CharSequence status = last.get("grpc-status");
            if (status == null) {
                fail(context, new IOException("the collector answers " + last.status() + ", and not by gRPC"));
            } else if (!over) {
                over = true;
                CharSequence message = last.get("grpc-message");
                answered.accept(new Answer(code(status), message == null ? "" : message.toString()));
            }
        }

        private static GrpcStatusCode code(CharSequence status) {
            try {
                return GrpcStatusCode.fromValue(Integer.parseInt(status.toString()));
            } catch (NumberFormatException _) {
                return GrpcStatusCode.UNKNOWN;
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
            fail(context, cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            fail(context, new IOException("the collector has ended the call"));
        }

        private void fail(ChannelHandlerContext context, Throwable cause) {
            if (!over) {
                over = true;
                context.channel().parent().close();
                failed.accept(cause);
            }
        }
    }

    private record Answer(GrpcStatusCode code, String description) implements GrpcResponse {
        @Override
        public GrpcStatusCode getStatusCode() {
            return code;
        }

        @Override
        public String getStatusDescription() {
            return description;
        }

        @Override
        public byte[] getResponseMessage() {
            return new byte[0];
        }
    }
}
