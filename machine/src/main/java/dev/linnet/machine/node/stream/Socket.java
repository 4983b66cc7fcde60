package dev.linnet.machine.node.stream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket (RFC 6455) for those who wait: one thread receives message by message, any thread sends. Nothing is taken from the network that nobody
 * asked for, so whoever is slow slows the other side and fills no memory.
 */
final class Socket implements FrameHandler, Talk {
    private static final Logger log = LoggerFactory.getLogger(Socket.class);
    private static final int LARGEST_MESSAGE = 4 << 20;

    private final Conversation conversation;
    /** Holds one message at most, and the end. */
    private final BlockingQueue<Optional<byte[]>> received = new LinkedBlockingQueue<>();

    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private final ReentrantLock sending = new ReentrantLock();
    private volatile @Nullable CoreSession session;

    Socket(Conversation conversation) {
        this.conversation = conversation;
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
        session = opened;
        callback.succeeded();
        Thread.ofVirtual().name("stream " + opened.getRequestURI().getPath()).start(this::converse);
    }

    private void converse() {
        try {
            conversation.hold(this);
        } catch (IOException e) {
            log.atDebug().setCause(e).log("Stream broke off");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            session().close(CloseStatus.NORMAL, null, Callback.NOOP);
        }
    }

    private CoreSession session() {
        CoreSession open = session;
        if (open == null) {
            throw new IllegalStateException("the socket is not open yet");
        }
        return open;
    }

    @Override
    public Optional<byte[]> receive() throws InterruptedException {
        if (session().isInputOpen()) {
            session().demand();
        }
        Optional<byte[]> message = received.take();
        if (message.isEmpty()) {
            // Whoever asks again is told again.
            received.add(message);
        }
        return message;
    }

    /** As a binary message. */
    @Override
    public void send(ByteBuffer message) throws IOException {
        sending.lock();
        try (Blocker.Callback sent = Blocker.callback()) {
            session().sendFrame(new Frame(OpCode.BINARY, message), sent, false);
            sent.block();
        } finally {
            sending.unlock();
        }
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        switch (frame.getOpCode()) {
            case OpCode.CLOSE -> received.add(Optional.empty());
            case OpCode.PING -> {
                byte[] payload = bytes(frame);
                session().sendFrame(new Frame(OpCode.PONG, ByteBuffer.wrap(payload)), Callback.NOOP, false);
                session().demand();
            }
            case OpCode.PONG -> session().demand();
            default -> take(frame);
        }
        callback.succeeded();
    }

    private void take(Frame frame) {
        partial.writeBytes(bytes(frame));
        if (partial.size() > LARGEST_MESSAGE) {
            received.add(Optional.empty());
            session().close(CloseStatus.MESSAGE_TOO_LARGE, "message too large", Callback.NOOP);
        } else if (frame.isFin()) {
            received.add(Optional.of(partial.toByteArray()));
            partial.reset();
        } else {
            session().demand();
        }
    }

    private static byte[] bytes(Frame frame) {
        ByteBuffer payload = frame.getPayload().slice();
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        return bytes;
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        received.add(Optional.empty());
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        received.add(Optional.empty());
        callback.succeeded();
    }
}
