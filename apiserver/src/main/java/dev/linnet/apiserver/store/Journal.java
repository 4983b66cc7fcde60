package dev.linnet.apiserver.store;

import java.util.List;
import java.util.function.Consumer;

/** Where changes outlive the process. Used by one thread at a time. */
public interface Journal extends AutoCloseable {

    /**
     * One change as it is kept.
     *
     * @param removed  the object's removal; its JSON is then the last content
     * @param replaces version of the change that this one makes obsolete; 0 when the object is new
     */
    record Entry(StoredObject object, boolean removed, long replaces) {}

    /** The version up to which obsolete changes may be missing: history begins after it. */
    long historyStart();

    /** Hands over everything kept, oldest first. */
    void replay(Consumer<Entry> reader);

    /** Returns when the entries are safe, all of them; throws {@link JournalFailure} when none is. */
    void append(List<Entry> entries);

    /** Forgets obsolete changes when enough came together. Called between groups; may throw {@link JournalFailure}. */
    void tidy();

    @Override
    void close();
}
