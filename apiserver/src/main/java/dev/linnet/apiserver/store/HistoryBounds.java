package dev.linnet.apiserver.store;

/**
 * How much of the past is kept, per resource. A watch or a paged list that wants more is told 410.
 *
 * @param events at most this many changes
 * @param bytes  at most this many bytes of JSON
 */
public record HistoryBounds(int events, long bytes) {
    public static final HistoryBounds USUAL = new HistoryBounds(4_096, 16L << 20);

    public HistoryBounds {
        if (events < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "history of " + events + " events and " + bytes + " bytes (expected: at least 1 of each)");
        }
    }
}
