package dev.linnet.routing;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Paths by their bytes, open addressing. Under each stands what exactly it leads to, and what whatever continues it with a slash does. The
 * caller walks a path once and brings the hash along, so that each of its prefixes costs one probe.
 */
final class PathIndex {
    private final @Nullable Entry[] slots;
    private final int shift;

    /** What stands under a path that does not end with the slash of a prefix. */
    private static final class Entry {
        private final byte[] path;
        private @Nullable Match whole;
        private @Nullable Match beginning;

        Entry(String path) {
            this.path = path.getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * All paths of a host.
     *
     * @param whole      what exactly these lead to
     * @param beginnings what paths lead to that begin with these, each of which ends with a slash
     */
    PathIndex(Map<String, Match> whole, Map<String, Match> beginnings) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        whole.forEach((path, match) -> entries.computeIfAbsent(path, Entry::new).whole = match);
        beginnings.forEach((path, match) ->
                entries.computeIfAbsent(path.substring(0, path.length() - 1), Entry::new).beginning = match);
        int bits = Math.max(2, Integer.SIZE - Integer.numberOfLeadingZeros(entries.size() * 2));
        this.slots = new Entry[1 << bits];
        this.shift = Integer.SIZE - bits;
        entries.values().forEach(this::put);
    }

    private void put(Entry entry) {
        int hash = 0;
        for (byte b : entry.path) {
            hash = step(hash, b);
        }
        int slot = slot(hash);
        while (slots[slot] != null) {
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = entry;
    }

    static int step(int hash, byte b) {
        return hash * 31 + b;
    }

    private int slot(int hash) {
        return (hash * 0x9E3779B9) >>> shift;
    }

    /** What exactly the path leads to that is this range and has this hash. */
    @Nullable
    Match whole(int hash, byte[] bytes, int start, int end) {
        Entry found = find(hash, bytes, start, end);
        return found == null ? null : found.whole;
    }

    /** What paths lead to that begin with this range, which has this hash, and a slash. */
    @Nullable
    Match beginning(int hash, byte[] bytes, int start, int end) {
        Entry found = find(hash, bytes, start, end);
        return found == null ? null : found.beginning;
    }

    private @Nullable Entry find(int hash, byte[] bytes, int start, int end) {
        int slot = slot(hash);
        for (Entry entry = slots[slot]; entry != null; entry = slots[slot]) {
            if (Bytes.equal(entry.path, bytes, start, end)) {
                return entry;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return null;
    }
}
