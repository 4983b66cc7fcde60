package dev.linnet.apiserver.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a write does to the object under a key. The tree belongs to the store until the write is done. */
public sealed interface Decision {

    /** What the writer is answered: the object after the write. */
    ObjectNode object();

    /** Store this. The store sets {@code metadata.resourceVersion}. */
    record Put(ObjectNode object) implements Decision {}

    /** Remove it; {@code object} is its last content, which watchers are shown. */
    record Remove(ObjectNode object) implements Decision {}

    /** Change nothing: a dry run, or a write that says what is already there. */
    record Leave(ObjectNode object) implements Decision {}
}
