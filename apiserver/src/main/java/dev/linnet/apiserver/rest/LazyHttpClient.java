package dev.linnet.apiserver.rest;

import java.net.http.HttpClient;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A client that is made on first use: it costs start-up time that most runs never need. */
final class LazyHttpClient implements AutoCloseable {
    private final Supplier<HttpClient> making;
    private @Nullable HttpClient made;

    LazyHttpClient(Supplier<HttpClient> making) {
        this.making = making;
    }

    synchronized HttpClient get() {
        if (made == null) {
            made = making.get();
        }
        return made;
    }

    @Override
    public synchronized void close() {
        if (made != null) {
            made.shutdownNow();
        }
    }
}
