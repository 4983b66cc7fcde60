package dev.linnet.routing;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Paths by their bytes, open addressing. The caller walks a path once and brings the hash along, so that each prefix costs one probe. */
final class PathIndex {
    private final byte[] @Nullable [] paths;
    private final @Nullable Match[] matches;
    private final int shift;

    PathIndex(Map<String, Match> entries) {
        int bits = Math.max(2, Integer.SIZE - Integer.numberOfLeadingZeros(entries.size() * 2));
        this.paths = new byte[1 << bits][];
        this.matches = new Match[1 << bits];
        this.shift = Integer.SIZE - bits;
        entries.forEach((path, match) -> put(path.getBytes(StandardCharsets.UTF_8), match));
    }

    private void put(byte[] path, Match match) {
        int hash = 0;
        for (byte b : path) {
            hash = step(hash, b);
        }
        int slot = slot(hash);
        while (paths[slot] != null) {
            slot = (slot + 1) & (paths.length - 1);
        }
        paths[slot] = path;
        matches[slot] = match;
    }

    static int step(int hash, byte b) {
        return hash * 31 + b;
    }

    private int slot(int hash) {
        return (hash * 0x9E3779B9) >>> shift;
    }

    /** What stands under the path that is this range and has this hash. */
    @Nullable
    Match get(int hash, byte[] bytes, int start, int end) {
        int slot = slot(hash);
        for (byte[] path = paths[slot]; path != null; path = paths[slot]) {
            if (Bytes.equal(path, bytes, start, end)) {
                return matches[slot];
            }
            slot = (slot + 1) & (paths.length - 1);
        }
        return null;
    }
}
