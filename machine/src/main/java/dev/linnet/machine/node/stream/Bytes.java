package dev.linnet.machine.node.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that was upgraded to bytes without messages. */
final class Bytes extends AbstractConnection implements Connection.UpgradeTo, Talk {
    private static final Logger log = LoggerFactory.getLogger(Bytes.class);
    private static final int CHUNK = 16 << 10;

    private final Conversation conversation;
    private final Duration idle;
    private final ReentrantLock sending = new ReentrantLock();
    private ByteBuffer early = BufferUtil.EMPTY_BUFFER;

    Bytes(EndPoint client, Executor executor, Conversation conversation, Duration idle) {
        super(client, executor);
        this.conversation = conversation;
        this.idle = idle;
    }

    /** What the client sent before it knew that it may. */
    @Override
    public void onUpgradeTo(ByteBuffer prefilled) {
        early = BufferUtil.copy(prefilled);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().setIdleTimeout(idle.toMillis());
        Thread.ofPlatform()
                .daemon()
                .name("stream")
                .start(this::converse); // it may wait for a pipe, which would hold on to a carrier
    }

    private void converse() {
        try {
            conversation.hold(this);
        } catch (IOException e) {
            log.atDebug().setCause(e).log("Stream broke off");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    @Override
    public void onFillable() {
        // We wait for bytes on a thread of our own.
    }

    @Override
    public Optional<byte[]> receive() {
        ByteBuffer buffer = early;
        early = BufferUtil.EMPTY_BUFFER;
        try {
            if (!buffer.hasRemaining()) {
                buffer = BufferUtil.allocate(CHUNK);
                if (!filled(buffer)) {
                    return Optional.empty();
                }
            }
        } catch (IOException e) {
            log.atDebug().setCause(e).log("Client went away");
            return Optional.empty();
        }
        return Optional.of(BufferUtil.toArray(buffer));
    }

    /** @return false at the end */
    private boolean filled(ByteBuffer buffer) throws IOException {
        int filled = getEndPoint().fill(buffer);
        while (filled == 0) {
            try (Blocker.Callback ready = Blocker.callback()) {
                getEndPoint().fillInterested(ready);
                ready.block();
            }
            filled = getEndPoint().fill(buffer);
        }
        return filled > 0;
    }

    @Override
    public void send(ByteBuffer message) throws IOException {
        sending.lock();
        try (Blocker.Callback sent = Blocker.callback()) {
            getEndPoint().write(sent, message);
            sent.block();
        } finally {
            sending.unlock();
        }
    }
}
