package dev.linnet.gateway.tls;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Waits for the name that a client asks for (RFC 6066), and puts in its own place the handler of what is served there. */
public final class SniSelector extends AbstractSniHandler<ServerTls> {
    private static final int LONGEST_HELLO = 16 * 1024;

    /** A record of TLS 1.2 with the fatal alert {@code unrecognized_name} (RFC 8446 §6.2). */
    private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};

    private final Function<String, Optional<ServerTls>> shown;

    /** @param shown what a client is shown that asks for this name, empty if it asks for none; nothing if it is to be refused */
    public SniSelector(Function<String, Optional<ServerTls>> shown) {
        super(LONGEST_HELLO, 0);
        this.shown = shown;
    }

    @Override
    protected Future<ServerTls> lookup(ChannelHandlerContext context, @Nullable String name) {
        Optional<ServerTls> found = shown.apply(text(name));
        if (found.isEmpty()) {
            context.writeAndFlush(Unpooled.wrappedBuffer(UNRECOGNIZED_NAME));
            return context.executor().newFailedFuture(new UnknownName());
        }
        ServerTls tls = found.get();
        Promise<ServerTls> prepared = context.executor().newPromise();
        tls.prepare().whenComplete((_, failure) -> {
            if (failure == null) {
                prepared.trySuccess(tls);
            } else {
                prepared.tryFailure(failure);
            }
        });
        return prepared;
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext context, @Nullable String name, Future<ServerTls> found) {
        if (context.isRemoved()) {
            return; // the client has gone meanwhile
        }
        if (!found.isSuccess()) {
            context.fireExceptionCaught(found.cause());
            return;
        }
        context.pipeline().replace(this, "tls", found.getNow().newHandler(context.alloc(), text(name)));
    }

    private static String text(@Nullable String name) {
        return name == null ? "" : name;
    }

    /** A client asks for a host that nobody knows, and is to be refused for that. */
    static final class UnknownName extends SSLHandshakeException {
        UnknownName() {
            super("nobody knows this name");
        }

        /** Anybody can cause it as often as he likes. */
        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }
}
