package dev.linnet.apiserver.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.kinds.ResourceKind.KindRules;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of one object. Kept as JSON text: a tenth of a tree's heap, and most readers want just that text.
 * Immutable.
 */
public final class StoredObject {
    private final ObjectKey key;
    private final long version;
    private final byte[] json;
    /** What selectors look at, read on first use. Threads may race to fill it with equal values. */
    private volatile @Nullable Selectable selectable;

    /** @param json the object with {@code metadata.resourceVersion} set to {@code version}; not copied */
    StoredObject(ObjectKey key, long version, byte[] json) {
        this.key = key;
        this.version = version;
        this.json = json;
    }

    /** An object that somebody shows as if it were stored; it has no version. */
    public static StoredObject unstored(ObjectKey key, ObjectNode tree) {
        return new StoredObject(key, 0, Json.bytes(tree));
    }

    /** Labels, and the fields that its kind's field selectors know. */
    public record Selectable(Map<String, String> labels, Map<String, String> fields, KindRules readBy) {}

    public ObjectKey key() {
        return key;
    }

    public long version() {
        return version;
    }

    public int size() {
        return json.length;
    }

    /** A fresh tree, the caller's to change. */
    public ObjectNode tree() {
        return Json.readOwn(json);
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(json);
    }

    /** The same content labelled with a later version, for a watcher to whom it ends there. */
    public StoredObject under(long laterVersion) {
        ObjectNode tree = tree();
        Meta.of(tree).setResourceVersion(laterVersion);
        return new StoredObject(key, laterVersion, Json.bytes(tree));
    }

    public Selectable selectable(KindRules rules) {
        Selectable known = selectable;
        if (known == null || !known.readBy().equals(rules)) {
            ObjectNode tree = tree();
            known = new Selectable(Meta.of(tree).labels(), rules.selectableFields(tree), rules);
            selectable = known;
        }
        return known;
    }

    /** For the journal, which does not change it. */
    byte[] json() {
        return json;
    }
}
