package dev.linnet.machine.podproxy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The head of an HTTP/1 message. */
record Head(String firstLine, List<Field> fields) {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** What concerns one connection only, RFC 9110, 7.6.1. */
    private static final Set<String> OF_ONE_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "upgrade");

    /** Naming one of these in Connection does not make it go away: the message would be another one without it. */
    private static final Set<String> ESSENTIAL = Set.of("host", "content-length", "transfer-encoding");

    /** One line of a head. */
    record Field(String name, String value) {
        boolean is(String lowerCase) {
            return name.toLowerCase(Locale.ROOT).equals(lowerCase);
        }
    }

    Head {
        fields = List.copyOf(fields);
    }

    /** @param lines as {@link HttpInput#head} gives them */
    static Head parse(List<String> lines) throws Refusal {
        List<Field> fields = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            fields.add(field(line));
        }
        if (!isText(lines.getFirst())) {
            throw new Refusal(400, "a control character in a first line");
        }
        return new Head(lines.getFirst(), fields);
    }

    private static Field field(String line) throws Refusal {
        int colon = line.indexOf(':');
        if (colon < 0 || !TOKEN.matcher(line.substring(0, colon)).matches()) {
            throw new Refusal(400, "a line of a head that is no field (expected: name: value)");
        }
        String value = line.substring(colon + 1).strip();
        if (!isText(value)) {
            throw new Refusal(400, "a control character in " + line.substring(0, colon));
        }
        return new Field(line.substring(0, colon), value);
    }

    private static boolean isText(String text) {
        return text.chars().allMatch(c -> (c >= ' ' && c != 0x7f) || c == '\t');
    }

    /** All values of fields of this name, those of one line that are separated by commas too. */
    List<String> values(String lowerCase) {
        List<String> values = new ArrayList<>();
        for (Field field : fields) {
            if (field.is(lowerCase)) {
                for (String value : field.value().split(",", -1)) {
                    values.add(value.strip());
                }
            }
        }
        return values;
    }

    /** Whether the sender closes the connection after this message. */
    boolean closes() {
        return values("connection").stream().anyMatch("close"::equalsIgnoreCase);
    }

    /** The same message for the next hop: without what was for this one. */
    Head forNextHop(String newFirstLine) {
        Set<String> dropped = new HashSet<>(OF_ONE_HOP);
        for (String name : values("connection")) {
            if (!ESSENTIAL.contains(name.toLowerCase(Locale.ROOT))) {
                dropped.add(name.toLowerCase(Locale.ROOT));
            }
        }
        return new Head(
                newFirstLine,
                fields.stream()
                        .filter(field -> !dropped.contains(field.name().toLowerCase(Locale.ROOT)))
                        .toList());
    }

    Head without(String lowerCase) {
        return new Head(
                firstLine, fields.stream().filter(field -> !field.is(lowerCase)).toList());
    }

    Head with(String name, String value) {
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(name, value));
        return new Head(firstLine, more);
    }

    byte[] bytes() {
        StringBuilder text = new StringBuilder(firstLine).append("\r\n");
        fields.forEach(field ->
                text.append(field.name()).append(": ").append(field.value()).append("\r\n"));
        return HttpInput.bytes(text.append("\r\n").toString());
    }
}
