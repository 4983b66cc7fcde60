package dev.linnet.apiserver.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries bytes both ways between a client whose connection was upgraded and somebody behind us, until either ends. */
final class Tunnel extends AbstractConnection implements Connection.UpgradeTo {
    private static final Logger log = LoggerFactory.getLogger(Tunnel.class);
    private static final int CHUNK = 16 << 10;
    /** As long as a node agent waits. */
    private static final Duration IDLE = Duration.ofHours(4);

    private final Socket behind;
    private ByteBuffer early = BufferUtil.EMPTY_BUFFER;

    Tunnel(EndPoint client, Executor executor, Socket behind) {
        super(client, executor);
        this.behind = behind;
    }

    /** What the client sent before it knew that it may. */
    @Override
    public void onUpgradeTo(ByteBuffer prefilled) {
        early = BufferUtil.copy(prefilled);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().setIdleTimeout(IDLE.toMillis());
        Thread.ofVirtual().name("tunnel forth").start(() -> carry(this::forth));
        Thread.ofVirtual().name("tunnel back").start(() -> carry(this::back));
    }

    @Override
    public void onFillable() {
        // We wait for bytes on threads of our own.
    }

    private interface Way {
        void go() throws IOException;
    }

    private void carry(Way way) {
        try {
            way.go();
        } catch (IOException e) {
            log.atDebug().setCause(e).log("Tunnel broke");
        } finally {
            close();
        }
    }

    private void forth() throws IOException {
        byte[] bytes = new byte[CHUNK];
        ByteBuffer buffer = early;
        boolean more = true;
        while (more) {
            int length = buffer.remaining();
            buffer.get(bytes, 0, length);
            behind.getOutputStream().write(bytes, 0, length);
            buffer = BufferUtil.allocate(CHUNK);
            more = fill(buffer);
        }
    }

    /** @return false at the end */
    private boolean fill(ByteBuffer buffer) throws IOException {
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

    private void back() throws IOException {
        byte[] bytes = new byte[CHUNK];
        InputStream in = behind.getInputStream();
        for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
            try (Blocker.Callback written = Blocker.callback()) {
                getEndPoint().write(written, ByteBuffer.wrap(bytes, 0, read));
                written.block();
            }
        }
    }

    @Override
    public void close() {
        try {
            behind.close();
        } catch (IOException e) {
            log.atDebug().setCause(e).log("Tunnel did not close cleanly");
        }
        super.close();
    }
}
