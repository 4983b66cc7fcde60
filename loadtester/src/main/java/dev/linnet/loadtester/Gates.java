package dev.linnet.loadtester;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gates that a person or a pipeline opens, in memory: after a restart all are closed, which holds releases back and never lets one through.
 * A gate that nobody has opened is closed. Beyond {@value #LIMIT} open gates the one opened first closes.
 */
final class Gates {
    private static final int LIMIT = 10_000;

    private final Map<String, Boolean> open = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > LIMIT;
        }
    };

    synchronized void open(String gate) {
        open.put(gate, true);
    }

    synchronized void close(String gate) {
        open.remove(gate);
    }

    synchronized boolean isOpen(String gate) {
        return open.containsKey(gate);
    }
}
