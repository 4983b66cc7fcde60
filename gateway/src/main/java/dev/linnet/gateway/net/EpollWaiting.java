package dev.linnet.gateway.net;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import java.util.HashSet;
import java.util.Set;

/**
 * Netty's epoll, but for one fault (4.2.13 to 4.2.20): a channel that waits for nothing is taken out of epoll and never put back, so
 * that its next wish fails and it is closed. A peer that has ended its half is such a channel: once the socket had no room for
 * more of the response, the rest was lost. Here it is registered anew as soon as it wants something.
 *
 * <p>Like all of an event loop, it belongs to its thread.
 */
final class EpollWaiting implements IoHandler {
    private final IoHandler epoll;
    private final Set<Registration> idle = new HashSet<>();

    private EpollWaiting(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return executor -> new EpollWaiting(factory.newHandler(executor));
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Registration(handle, epoll.register(handle));
    }

    /** What one channel waits for. */
    private final class Registration implements IoRegistration {
        private final IoHandle handle;
        private IoRegistration real;

        Registration(IoHandle handle, IoRegistration real) {
            this.handle = handle;
            this.real = real;
        }

        @Override
        public long submit(IoOps wanted) {
            if (wanted.equals(EpollIoOps.NONE)) {
                if (idle.add(this)) {
                    real.cancel();
                }
                return 0;
            }
            if (idle.remove(this)) {
                real = registerAgain();
            }
            return real.submit(wanted);
        }

        private IoRegistration registerAgain() {
            try {
                return epoll.register(handle);
            } catch (Exception e) {
                throw new IllegalStateException("epoll takes a channel back no more", e);
            }
        }

        @Override
        public boolean isValid() {
            return idle.contains(this) || real.isValid();
        }

        @Override
        public boolean cancel() {
            return idle.remove(this) || real.cancel();
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
        public <T> T attachment() {
            return real.attachment();
        }
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    /** Closes all channels, those too that epoll does not know at the moment. */
    @Override
    public void prepareToDestroy() {
        for (Registration registration : Set.copyOf(idle)) {
            close(registration.handle);
        }
        epoll.prepareToDestroy();
    }

    private static void close(IoHandle handle) {
        try {
            handle.close();
        } catch (Exception e) {
            throw new IllegalStateException("a channel cannot be closed", e);
        }
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return epoll.isCompatible(type);
    }
}
