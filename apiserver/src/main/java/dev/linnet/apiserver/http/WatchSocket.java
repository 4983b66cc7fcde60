package dev.linnet.apiserver.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a stream of lines over a WebSocket, one text message each, until it or its reader ends: how watches are read by clients such as fabric8. */
final class WatchSocket implements FrameHandler {
    private static final Logger log = LoggerFactory.getLogger(WatchSocket.class);

    private final Reply.Stream stream;
    private volatile @Nullable CoreSession session;
    private volatile @Nullable Thread writer;

    WatchSocket(Reply.Stream stream) {
        this.stream = stream;
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
        session = opened;
        callback.succeeded();
        writer = Thread.ofVirtual().name("watch").start(() -> write(opened));
        opened.demand();
    }

    private void write(CoreSession to) {
        try (OutputStream out = new Lines(to)) {
            stream.writeTo(out);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            log.atDebug().setCause(e).log("Watch broke off");
        } finally {
            to.close(CloseStatus.NORMAL, null, Callback.NOOP);
        }
    }

    /** The reader of a watch has nothing to say but that it is there, or that it goes. */
    @Override
    public void onFrame(Frame frame, Callback callback) {
        CoreSession open = session;
        if (open != null && frame.getOpCode() == OpCode.PING) {
            ByteBuffer payload = BufferUtil.copy(frame.getPayload());
            open.sendFrame(new Frame(OpCode.PONG, payload), Callback.NOOP, false);
        }
        callback.succeeded();
        if (open != null && frame.getOpCode() != OpCode.CLOSE) {
            open.demand();
        }
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        stop();
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        stop();
        callback.succeeded();
    }

    private void stop() {
        Thread writing = writer;
        if (writing != null) {
            writing.interrupt();
        }
    }

    private static final class Lines extends OutputStream {
        private final CoreSession session;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        Lines(CoreSession session) {
            this.session = session;
        }

        @Override
        public void write(int b) throws IOException {
            if (b != '\n') {
                line.write(b);
                return;
            }
            try (Blocker.Callback sent = Blocker.callback()) {
                session.sendFrame(new Frame(OpCode.TEXT, ByteBuffer.wrap(line.toByteArray())), sent, false);
                sent.block();
            }
            line.reset();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            for (int i = offset; i < offset + length; i++) {
                if (bytes[i] == '\n') {
                    line.write(bytes, from, i - from);
                    write('\n');
                    from = i + 1;
                }
            }
            line.write(bytes, from, offset + length - from);
        }
    }
}
