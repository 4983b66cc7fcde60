package dev.linnet.gateway.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/** Where buffers come from, and how large they may be at the moment. All event loops share it. */
public final class Memory {
    private static final int PAGE = 8192;
    /** Chunks of 4 MiB, so that reads of 1 MiB are pooled. */
    private static final int MAX_ORDER = 9;

    private static final int LARGE = 1024 * 1024;
    private static final int MEDIUM = 256 * 1024;
    private static final int SMALL = 32 * 1024;

    private final PooledByteBufAllocator allocator;
    private final long limit;
    private volatile int readAtMost = LARGE;

    public Memory(int loops) {
        this.allocator = new PooledByteBufAllocator(
                true,
                0,
                loops,
                PAGE,
                MAX_ORDER,
                PooledByteBufAllocator.defaultSmallCacheSize(),
                PooledByteBufAllocator.defaultNormalCacheSize(),
                false);
        this.limit = PlatformDependent.maxDirectMemory();
    }

    public ByteBufAllocator allocator() {
        return allocator;
    }

    /** Looks at how much is in use: half of what the JVM allows means small reads. */
    void tick() {
        long used = inUse();
        readAtMost = used < limit / 4 ? LARGE : used < limit / 2 ? MEDIUM : SMALL;
    }

    /** Bytes in buffers that somebody holds. */
    public long inUse() {
        return allocator.pinnedDirectMemory();
    }

    int readAtMost() {
        return readAtMost;
    }
}
