package dev.linnet.gateway.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for the name that a client asks for (RFC 6066), and puts in its own place the handler of what is served there. */
public final class SniSelector extends AbstractSniHandler<ServerTls> {
    private static final int LONGEST_HELLO = 16 * 1024;

    private final Supplier<CertificateTable> table;

    public SniSelector(Supplier<CertificateTable> table) {
        super(LONGEST_HELLO, 0);
        this.table = table;
    }

    @Override
    protected Future<ServerTls> lookup(ChannelHandlerContext context, @Nullable String name) {
        return context.executor().newSucceededFuture(table.get().find(name == null ? "" : name));
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext context, @Nullable String name, Future<ServerTls> found) {
        ServerTlsHandler handler = found.getNow().newHandler(context.alloc());
        context.pipeline().replace(this, "tls", handler);
    }
}
