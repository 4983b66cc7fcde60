package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything at once, for long: with {@code -Dlinnet.all=true} ten minutes at 80 % of what this machine can do with its clients, else some
 * seconds at a modest pace.
 */
final class SoakTest {
    private static final boolean LONG = Boolean.getBoolean("linnet.all");
    private static final Duration DURATION = LONG ? Duration.ofMinutes(10) : Duration.ofSeconds(5);
    private static final int WINDOWS = LONG ? 20 : 4;
    private static final int CLIENTS = LONG ? 16 : 4;
    private static final double MODEST = 200;
    private static final int CHANGES_PER_SECOND = 10;
    /** The API's history and the clients are in the same heap. */
    private static final long TOLERATED_BYTES = 64L * 1024 * 1024;

    @AutoClose
    private final LogBook reported = LogBook.of(ResourceLeakDetector.class);

    private final List<Long> heap = new ArrayList<>();
    private final List<Long> direct = new ArrayList<>();
    private final List<Set<Thread>> threads = new ArrayList<>();

    @TempDir
    Path directory;

    @Test
    void answersEveryRequestWhileAllAroundItChanges() throws Exception {
        Set<Thread> others = gatewayThreads();
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        GatewaySettings settings = GatewaySettings.on(any).withHttps(any).withLoops(2);
        try (SoakShop shop = new SoakShop(directory, settings, new SplittableRandom(1));
                SoakCrowd crowd = new SoakCrowd(shop, LONG ? Pace.unlimited() : Pace.perSecond(MODEST))) {
            crowd.come(CLIENTS);
            if (LONG) {
                crowd.keepTo(Pace.perSecond(0.8 * saturation(crowd)));
            }
            for (int window = 0; window < WINDOWS; window++) {
                keepChanging(shop, DURATION.dividedBy(WINDOWS));
                measure(others);
            }
            crowd.leave();

            assertThat(crowd.unexplained()).as("unexplained failures").isEmpty();
            assertThat(crowd.answers()).isPositive();
            shop.assertHoldsNoBuffers();
            System.out.println("Soak: " + crowd.answers() + " answers, " + crowd.cut() + " cut by crashes; heap " + heap
                    + ", direct " + direct);
        }
        assertFlat("heap", heap);
        assertFlat("direct memory", direct);
        assertThat(threads).as("threads of the gateway").allMatch(threads.getFirst()::equals);
        assertThat(leaks()).isEmpty();
    }

    /** Requests in a second, after all is warm. */
    private static double saturation(SoakCrowd crowd) {
        Pace seconds = Pace.perSecond(0.1);
        seconds.await();
        seconds.await();
        long before = crowd.answers();
        seconds.await();
        return (crowd.answers() - before) / 10.0;
    }

    private static void keepChanging(SoakShop shop, Duration duration) {
        Pace pace = Pace.perSecond(CHANGES_PER_SECOND);
        for (long i = 0; i < duration.toMillis() * CHANGES_PER_SECOND / 1000; i++) {
            pace.await();
            shop.change();
        }
    }

    private void measure(Set<Thread> others) {
        System.gc();
        heap.add(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        long buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        direct.add(buffers + Math.max(0, PlatformDependent.usedDirectMemory()));
        Set<Thread> own = new HashSet<>(gatewayThreads());
        own.removeAll(others);
        threads.add(own);
    }

    private static Set<Thread> gatewayThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("gateway")
                        || thread.getName().startsWith("linnet-"))
                .collect(Collectors.toSet());
    }

    /** From the first half, in which all grows to its size, to the last window. */
    private static void assertFlat(String what, List<Long> windows) {
        long most = windows.subList(0, windows.size() / 2).stream()
                .mapToLong(Long::longValue)
                .max()
                .orElseThrow();
        assertThat(windows.getLast()).as(what + ": " + windows).isLessThan(most + TOLERATED_BYTES);
    }

    /** What Netty's detector says once all that nobody holds any more is collected: it speaks when something is allocated. */
    private List<String> leaks() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            UnpooledByteBufAllocator.DEFAULT.directBuffer(1).release();
        }
        return reported.events().stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(message -> message.contains("LEAK"))
                .toList();
    }
}
