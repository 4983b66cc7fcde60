package dev.linnet.cli.direct;

import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.store.StoreClosed;
import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The body of an answer: written by the thread that answers, piece by piece as the client asks for them. */
final class DirectBody implements AsyncBody {
    private static final Logger LOG = LoggerFactory.getLogger(DirectBody.class);

    /** No more is held back until somebody says that it is to be seen. */
    private static final int MOST_HELD = 64 << 10;

    private final AsyncBody.Consumer<List<ByteBuffer>> consumer;
    private final Semaphore wanted = new Semaphore(0);
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Thread writer;
    private boolean handingOver;
    private boolean cancelled;

    /** To be made by the thread that will write it. */
    DirectBody(AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        this.consumer = consumer;
        this.writer = Thread.currentThread();
    }

    @Override
    public void consume() {
        wanted.release();
    }

    @Override
    public CompletableFuture<Void> done() {
        return done;
    }

    @Override
    public void cancel() {
        synchronized (this) {
            cancelled = true;
            // What the client does with a piece is its own; it finds out afterwards.
            if (!handingOver && !done.isDone()) {
                writer.interrupt();
            }
        }
        done.cancel(false);
    }

    /** Returns when all is written, or nobody wants more. */
    void write(Reply.Body body) {
        try {
            switch (body) {
                case Reply.Whole whole -> handOver(whole.bytes());
                case Reply.Stream stream -> {
                    try (OutputStream out = new Pieces()) {
                        stream.writeTo(out);
                    }
                }
                default -> throw new IOException("only answers are carried here, no other protocols");
            }
            done.complete(null);
        } catch (InterruptedException | IOException e) {
            done.completeExceptionally(e);
        } catch (ApiFailure | StoreClosed e) {
            breakOff(e);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the rest of an answer could not be made");
            breakOff(e);
        }
    }

    /** As if the connection had been cut: the status line is long gone. */
    private void breakOff(RuntimeException cause) {
        done.completeExceptionally(new IOException(cause));
    }

    private void handOver(byte[] bytes) throws InterruptedException, IOException {
        if (bytes.length == 0) {
            return;
        }
        wanted.acquire();
        synchronized (this) {
            if (cancelled) {
                throw new InterruptedIOException("cancelled");
            }
            handingOver = true;
        }
        try {
            consumer.consume(List.of(ByteBuffer.wrap(bytes)), this);
        } catch (Exception e) {
            throw new IOException(e);
        } finally {
            synchronized (this) {
                handingOver = false;
            }
        }
    }

    /** Hands over what is flushed. */
    private final class Pieces extends OutputStream {
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();

        @Override
        public void write(int b) throws IOException {
            held.write(b);
            flushIfFull();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            held.write(bytes, offset, length);
            flushIfFull();
        }

        private void flushIfFull() throws IOException {
            if (held.size() >= MOST_HELD) {
                flush();
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                byte[] bytes = held.toByteArray();
                held.reset();
                handOver(bytes);
            } catch (InterruptedException _) {
                throw new InterruptedIOException("cancelled");
            }
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
