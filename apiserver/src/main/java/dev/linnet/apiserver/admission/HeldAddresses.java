package dev.linnet.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.store.Cursor;
import dev.linnet.apiserver.store.ObjectKey;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.Snapshot;
import dev.linnet.apiserver.store.StoreEvent;
import dev.linnet.apiserver.store.StoredObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which stored Service has which cluster IP and node ports. Follows the store, so that one more among thousands costs no more. For one thread. */
final class HeldAddresses {
    private static final String RESOURCE = "services";

    private final ObjectStore store;
    private final Map<String, ObjectKey> holders = new HashMap<>();
    private Optional<Cursor> followed = Optional.empty();

    HeldAddresses(ObjectStore store) {
        this.store = store;
    }

    /** The same number may serve two protocols. */
    static String portKey(JsonNode port, int number) {
        return port.path("protocol").asText("TCP") + "/" + number;
    }

    /** Takes in what has been stored since the last time. */
    void catchUp() {
        try {
            Cursor cursor = followed.orElseGet(this::begin);
            followed = Optional.of(cursor);
            List<StoreEvent> news = cursor.next(Duration.ZERO);
            while (!news.isEmpty()) {
                news.forEach(this::take);
                news = cursor.next(Duration.ZERO);
            }
        } catch (ApiFailure fellBehind) {
            followed = Optional.of(begin());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted, though nothing was waited for", e);
        }
    }

    private Cursor begin() {
        holders.clear();
        Snapshot now = store.list(RESOURCE, "");
        now.objects().forEach(this::holds);
        return store.watch(RESOURCE, now.version());
    }

    private void take(StoreEvent event) {
        switch (event) {
            case StoreEvent.Added added -> holds(added.object());
            case StoreEvent.Modified modified -> {
                holdsNoMore(modified.previous());
                holds(modified.object());
            }
            case StoreEvent.Deleted deleted -> holdsNoMore(deleted.previous());
        }
    }

    private void holds(StoredObject service) {
        keys(service).forEach(key -> holders.put(key, service.key()));
    }

    private void holdsNoMore(StoredObject service) {
        keys(service).forEach(key -> holders.remove(key, service.key()));
    }

    private static List<String> keys(StoredObject service) {
        JsonNode spec = service.tree().path("spec");
        List<String> keys = new ArrayList<>();
        keys.add(spec.path("clusterIP").asText(""));
        spec.path("ports")
                .forEach(port -> keys.add(portKey(port, port.path("nodePort").asInt(0))));
        return keys;
    }

    /**
     * Whether another Service has it.
     *
     * @param key    an address, or a {@link #portKey}
     * @param asking who may have it already
     */
    boolean isHeldByAnother(String key, ObjectKey asking) {
        ObjectKey holder = holders.get(key);
        return holder != null && !holder.equals(asking);
    }
}
