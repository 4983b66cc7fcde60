package dev.linnet.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.IntSupplier;

/**
 * How much is read at once: heads get little, bodies soon much, because a large read is what makes bodies cheap (perf study §5). But
 * while many slow peers hold buffers, reads become small again.
 */
@SuppressWarnings("deprecation") // Netty deprecates the plain handle and has nothing in its place yet
final class CappedReads implements RecvByteBufAllocator {
    private static final int SMALLEST = 2 * 1024;
    private static final int FIRST = 4 * 1024;
    private static final int LARGEST = 1024 * 1024;

    private final AdaptiveRecvByteBufAllocator adaptive = new AdaptiveRecvByteBufAllocator(SMALLEST, FIRST, LARGEST);
    private final IntSupplier cap;

    CappedReads(IntSupplier cap) {
        this.cap = cap;
    }

    @Override
    public Handle newHandle() {
        return new Capped((ExtendedHandle) adaptive.newHandle(), cap);
    }

    private static final class Capped extends DelegatingHandle implements ExtendedHandle {
        private final ExtendedHandle adaptive;
        private final IntSupplier cap;

        Capped(ExtendedHandle adaptive, IntSupplier cap) {
            super(adaptive);
            this.adaptive = adaptive;
            this.cap = cap;
        }

        @Override
        public int guess() {
            return Math.min(adaptive.guess(), cap.getAsInt());
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return allocator.ioBuffer(guess());
        }

        @Override
        public void reset(ChannelConfig config) {
            adaptive.reset(config);
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return adaptive.continueReading(maybeMoreData);
        }
    }
}
