package dev.linnet.apiserver.store;

import java.util.List;

/**
 * Objects of one resource at one moment, in the order of their keys.
 *
 * @param version the store's version at that moment; a watch from it misses nothing and repeats nothing
 */
public record Snapshot(long version, List<StoredObject> objects) {
    public Snapshot {
        objects = List.copyOf(objects);
    }
}
