package dev.linnet.machine.node;

import dev.linnet.machine.Image;
import dev.linnet.machine.node.log.LogStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a container writes from now on until it ends, for somebody who attaches to it. It takes no input: it began with none. */
final class Attached implements Image.Dialogue {
    private static final Logger log = LoggerFactory.getLogger(Attached.class);
    private static final int BUFFER = 16 << 10;

    private final PipedInputStream output = new PipedInputStream(BUFFER);
    private final PipedOutputStream written;
    private final Thread follower;

    private Attached(LogStore logs, LogStore.Life life) throws IOException {
        this.written = new PipedOutputStream(output);
        this.follower = Thread.ofVirtual().name("attach").unstarted(() -> follow(logs, life));
    }

    static Attached to(LogStore logs, LogStore.Life life) throws IOException {
        Attached attached = new Attached(logs, life);
        attached.follower.start();
        return attached;
    }

    private void follow(LogStore logs, LogStore.Life life) {
        try (written) {
            logs.follow(life, written);
        } catch (IOException e) {
            log.atDebug().setCause(e).log("Nobody reads what a container writes any more");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public OutputStream input() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public InputStream output() {
        return output;
    }

    @Override
    public InputStream errors() {
        return InputStream.nullInputStream();
    }

    @Override
    public int await() throws InterruptedException {
        follower.join();
        return 0;
    }

    @Override
    public void kill() {
        follower.interrupt();
    }
}
