package dev.linnet.controller.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a turn has read of its release: it decides by one state of each object, reads it once, and writes what it has read. Once it has written
 * anything it reads all again. For one thread.
 */
public final class Seen {
    /** Set while a turn is taken; outside of one everything is read whenever it is asked for. */
    public static final ScopedValue<Seen> TURN = ScopedValue.newInstance();

    private final Map<String, Optional<HasMetadata>> objects = new HashMap<>();

    /** @param name in the release's namespace */
    public static <T extends HasMetadata> Optional<T> or(Class<T> kind, String name, Supplier<Optional<T>> live) {
        if (!TURN.isBound()) {
            return live.get();
        }
        return TURN.get()
                .objects
                .computeIfAbsent(
                        kind.getSimpleName() + "/" + name, _ -> live.get().map(HasMetadata.class::cast))
                .map(kind::cast);
    }

    /** Something is about to be written. */
    static void forget() {
        if (TURN.isBound()) {
            TURN.get().objects.clear();
        }
    }
}
