package dev.linnet.cli.direct;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The answers that a client is being given. */
final class UnderWay {
    private final Set<DirectBody> bodies = ConcurrentHashMap.newKeySet();

    void add(DirectBody body) {
        bodies.add(body);
        CompletableFuture<Void> _ = body.done().whenComplete((_, _) -> bodies.remove(body));
    }

    void cancel() {
        bodies.forEach(DirectBody::cancel);
    }
}
