package dev.linnet.machine.podproxy;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of a request on its way, on a thread of its own: the response may begin before it has ended. When the receiver
 * wants no more of it, the rest is read all the same, so that the sender comes to read the answer.
 */
final class Upload {
    private static final Logger log = LoggerFactory.getLogger(Upload.class);

    private final CompletableFuture<Boolean> end = new CompletableFuture<>();

    private Upload() {}

    /** Ends with the sender's connection, at the latest. */
    static Upload start(HttpInput from, Framing body, Upstream to, Duration patience) {
        Upload upload = new Upload();
        if (body instanceof Framing.None) {
            upload.end.complete(true);
        } else {
            Thread.ofVirtual().name("upload").start(() -> upload.end.complete(carry(from, body, to, patience)));
        }
        return upload;
    }

    private static boolean carry(HttpInput from, Framing body, Upstream to, Duration patience) {
        Sink sink = new Sink(to.out());
        try {
            from.copy(body, sink, patience);
            return !sink.broken;
        } catch (IOException e) {
            // The receiver learns that there will be no more. It may still answer, or have done so.
            to.sendNoMore();
            return false;
        }
    }

    /** Whether all has been sent, after a wait. */
    boolean done(Duration patience) throws InterruptedException {
        try {
            return end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("never completed with a failure", e);
        }
    }

    private static final class Sink extends OutputStream {
        private final OutputStream out;
        private boolean broken;

        Sink(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (broken) {
                return;
            }
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                log.atTrace().setCause(e).log("The receiver of a body wants no more of it");
                broken = true;
            }
        }
    }
}
