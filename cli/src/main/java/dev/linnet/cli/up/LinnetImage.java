package dev.linnet.cli.up;

import dev.linnet.machine.BuiltInImage;
import java.util.Map;
import java.util.TreeMap;

/**
 * Image {@code linnet}: its first argument says which part of this program the Pod is, as on a command line.
 *
 * @param parts by command
 */
record LinnetImage(Map<String, BuiltInImage> parts) implements BuiltInImage {
    LinnetImage {
        parts = Map.copyOf(parts);
    }

    @Override
    public String name() {
        return "linnet";
    }

    @Override
    public Container start(Context context) throws Exception {
        String command = context.args().isEmpty() ? "" : context.args().getFirst();
        BuiltInImage part = parts.get(command);
        if (part == null) {
            throw new IllegalArgumentException("args begin with '" + command + "' (expected: one of "
                    + String.join(", ", new TreeMap<>(parts).keySet()) + ")");
        }
        return part.start(context);
    }
}
