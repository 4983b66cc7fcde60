package dev.linnet.apiserver.store;

/** A change that was committed. */
public sealed interface StoreEvent {

    /** The object after the change; of a removed one, its last content under the removal's version. */
    StoredObject object();

    default long version() {
        return object().version();
    }

    record Added(StoredObject object) implements StoreEvent {}

    record Modified(StoredObject object, StoredObject previous) implements StoreEvent {}

    record Deleted(StoredObject object, StoredObject previous) implements StoreEvent {}
}
