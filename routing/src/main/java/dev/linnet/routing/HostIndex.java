package dev.linnet.routing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Hosts by name, open addressing, immutable once published: {@link #edit} copies one array of references. A wildcard host stands
 * under its part from the first dot on ({@code .example.com}), so that all look-ups need nothing but ranges of the Host header.
 */
final class HostIndex {
    private final @Nullable Entry[] slots;
    private final int size;
    private final int deep;

    /** What a host stands for. */
    private enum Kind {
        EXACT(""),
        ONE_LABEL("*"),
        ANY_LABELS("**");

        private final String stars;

        Kind(String stars) {
            this.stars = stars;
        }

        static Kind of(String host) {
            return host.startsWith("**.") ? ANY_LABELS : host.startsWith("*.") ? ONE_LABEL : EXACT;
        }

        byte[] key(String host) {
            return host.substring(stars.length()).getBytes(StandardCharsets.UTF_8);
        }
    }

    private static final class Entry {
        private final byte[] key;
        private final Kind kind;
        private final int hash;
        private final HostRoutes routes;

        Entry(byte[] key, Kind kind, HostRoutes routes) {
            this.key = key;
            this.kind = kind;
            this.hash = hash(key, 0, key.length, kind);
            this.routes = routes;
        }

        HostRoutes routes() {
            return routes;
        }
    }

    private HostIndex(@Nullable Entry[] slots, int size) {
        this.slots = slots;
        this.size = size;
        this.deep = (int) Arrays.stream(slots)
                .filter(entry -> entry != null && entry.kind == Kind.ANY_LABELS)
                .count();
    }

    static HostIndex empty() {
        return new HostIndex(new Entry[8], 0);
    }

    Stream<HostRoutes> all() {
        return Arrays.stream(slots).filter(Objects::nonNull).map(Entry::routes);
    }

    /** The routes of exactly this host. */
    @Nullable
    HostRoutes exact(byte[] bytes, int start, int end) {
        return find(bytes, start, end, Kind.EXACT);
    }

    /** The routes of this host: exactly, by the wildcard of one label in front, or by the longest of any number of labels. */
    @Nullable
    HostRoutes find(byte[] bytes, int start, int end) {
        HostRoutes found = exact(bytes, start, end);
        int dot = indexOfDot(bytes, start, end);
        if (found == null && dot > start && dot < end) {
            found = find(bytes, dot, end, Kind.ONE_LABEL);
        }
        while (found == null && deep > 0 && dot > start && dot < end) {
            found = find(bytes, dot, end, Kind.ANY_LABELS);
            dot = indexOfDot(bytes, dot + 1, end);
        }
        return found;
    }

    private static int indexOfDot(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] != '.') {
            at++;
        }
        return at;
    }

    private @Nullable HostRoutes find(byte[] bytes, int start, int end, Kind kind) {
        int hash = hash(bytes, start, end, kind);
        int slot = slot(hash, slots.length);
        for (Entry entry = slots[slot]; entry != null; entry = slots[slot]) {
            if (entry.hash == hash && entry.kind == kind && Bytes.equalIgnoringCase(entry.key, bytes, start, end)) {
                return entry.routes;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return null;
    }

    private static int hash(byte[] bytes, int start, int end, Kind kind) {
        int hash = kind.stars.length();
        for (int i = start; i < end; i++) {
            hash = hash * 31 + Bytes.lower(bytes[i]);
        }
        return hash;
    }

    private static int slot(int hash, int slots) {
        return (hash * 0x9E3779B9) >>> Integer.numberOfLeadingZeros(slots - 1);
    }

    /** A copy of this index that may still change. */
    Edit edit(int added) {
        int room = slots.length;
        while ((size + added) * 2 > room) {
            room *= 2;
        }
        Edit edit = new Edit(room == slots.length ? slots.clone() : new Entry[room], size);
        if (room != slots.length) {
            Arrays.stream(slots).filter(Objects::nonNull).forEach(edit::insert);
        }
        return edit;
    }

    /** Changes to a copy. Used by one thread, then built once. */
    static final class Edit {
        private final @Nullable Entry[] slots;
        private int size;

        private Edit(@Nullable Entry[] slots, int size) {
            this.slots = slots;
            this.size = size;
        }

        void replace(String host, List<Rule> rules) {
            Kind kind = Kind.of(host);
            byte[] key = kind.key(host);
            remove(key, kind, hash(key, 0, key.length, kind));
            if (!rules.isEmpty()) {
                insert(new Entry(key, kind, new HostRoutes(host, rules)));
                size++;
            }
        }

        HostIndex build() {
            return new HostIndex(slots, size);
        }

        private void insert(Entry entry) {
            int slot = slot(entry.hash, slots.length);
            while (slots[slot] != null) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = entry;
        }

        /** Takes an entry out and puts the rest of its run back in, so that no probe meets a gap too early. */
        private void remove(byte[] key, Kind kind, int hash) {
            int slot = slot(hash, slots.length);
            Entry entry = slots[slot];
            while (entry != null && !(entry.kind == kind && Arrays.equals(entry.key, key))) {
                slot = (slot + 1) & (slots.length - 1);
                entry = slots[slot];
            }
            if (entry == null) {
                return;
            }
            slots[slot] = null;
            size--;
            for (int next = (slot + 1) & (slots.length - 1); ; next = (next + 1) & (slots.length - 1)) {
                Entry moved = slots[next];
                if (moved == null) {
                    return;
                }
                slots[next] = null;
                insert(moved);
            }
        }
    }
}
