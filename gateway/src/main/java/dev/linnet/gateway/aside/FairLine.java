package dev.linnet.gateway.aside;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Those who wait, by client: one after the other of the same client, and clients in turn, so that one who sends thousands does not make
 * others wait for more than one of his. When it is full, the last of the client with the most gives way.
 */
final class FairLine<T> {
    private final Map<String, Deque<T>> waiting = new LinkedHashMap<>();
    private final int most;
    private int count;

    FairLine(int most) {
        this.most = most;
    }

    /** Puts somebody at the end of his client's line. Answers who has to go because of that, perhaps himself. */
    synchronized Optional<T> add(String client, T newcomer) {
        int own = waiting.containsKey(client) ? waiting.get(client).size() : 0;
        if (count < most) {
            count++;
            put(client, newcomer);
            return Optional.empty();
        }
        Map.Entry<String, Deque<T>> longest = waiting.entrySet().stream()
                .max(Comparator.comparingInt(line -> line.getValue().size()))
                .orElseThrow();
        if (longest.getValue().size() <= own + 1) {
            return Optional.of(newcomer);
        }
        T last = longest.getValue().removeLast();
        put(client, newcomer);
        return Optional.of(last);
    }

    private void put(String client, T newcomer) {
        waiting.computeIfAbsent(client, _ -> new ArrayDeque<>()).addLast(newcomer);
    }

    /** Whose turn it is; he waits no longer. */
    synchronized Optional<T> next() {
        Iterator<Map.Entry<String, Deque<T>>> lines = waiting.entrySet().iterator();
        if (!lines.hasNext()) {
            return Optional.empty();
        }
        Map.Entry<String, Deque<T>> turn = lines.next();
        lines.remove();
        Deque<T> line = turn.getValue();
        T first = line.removeFirst();
        count--;
        if (!line.isEmpty()) {
            waiting.put(turn.getKey(), line); // behind all others
        }
        return Optional.of(first);
    }
}
