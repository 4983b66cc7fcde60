package dev.linnet.manifests.gotemplate;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** The functions that Go predefines. */
final class Functions {
    static final Set<String> NAMES = Set.of(
            "and",
            "or",
            "not",
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "len",
            "index",
            "slice",
            "print",
            "printf",
            "println",
            "html",
            "js",
            "urlquery");

    private static final Map<Integer, String> HTML =
            Map.of((int) '<', "&lt;", (int) '>', "&gt;", (int) '&', "&amp;", (int) '"', "&#34;", (int) '\'', "&#39;");
    private static final Map<Integer, String> JS = Map.of(
            (int) '<',
            "\\u003C",
            (int) '>',
            "\\u003E",
            (int) '&',
            "\\u0026",
            (int) '=',
            "\\u003D",
            (int) '"',
            "\\\"",
            (int) '\'',
            "\\'",
            (int) '\\',
            "\\\\",
            (int) '\n',
            "\\u000A",
            (int) '\r',
            "\\u000D",
            (int) '\t',
            "\\u0009");

    private final int line;

    Functions(int line) {
        this.line = line;
    }

    Value call(String name, List<Value> arguments) throws TemplateMistake {
        return switch (name) {
            case "and", "or" -> at(name, arguments, arguments.size() - 1);
            case "not" -> new Value.Truth(!only(name, arguments).isTrue());
            case "eq", "ne", "lt", "le", "gt", "ge" -> new Comparing(line).compare(name, arguments);
            case "len" -> new Value.Whole(length(only(name, arguments)));
            case "index" -> index(arguments);
            case "slice" -> slice(arguments);
            case "print" -> Value.of(print(arguments));
            case "println" -> Value.of(arguments.stream().map(Value::shown).collect(Collectors.joining(" ", "", "\n")));
            case "printf" -> printf(arguments);
            case "html" -> Value.of(escaped(print(arguments), HTML));
            case "js" -> Value.of(escaped(print(arguments), JS));
            case "urlquery" -> Value.of(URLEncoder.encode(print(arguments), StandardCharsets.UTF_8));
            default -> throw wrong("function \"" + name + "\" is not defined");
        };
    }

    private Value only(String name, List<Value> arguments) throws TemplateMistake {
        if (arguments.size() != 1) {
            throw wrong("wrong number of args for " + name + ": want 1 got " + arguments.size());
        }
        return arguments.getFirst();
    }

    private Value at(String name, List<Value> arguments, int index) throws TemplateMistake {
        if (index < 0 || index >= arguments.size()) {
            throw wrong("wrong number of args for " + name + ": want at least " + (Math.max(index, 0) + 1) + " got "
                    + arguments.size());
        }
        return arguments.get(index);
    }

    private long length(Value value) throws TemplateMistake {
        return switch (value) {
            case Value.Text(String text) -> bytes(text).length;
            case Value.Fields(SortedMap<String, String> fields) -> fields.size();
            case Value.Whole _, Value.Decimal _, Value.Truth _, Value.Nothing _ ->
                throw wrong("len of type " + value.type());
        };
    }

    /** Go's strings are bytes. */
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A missing key of a map is empty here, as in Go. */
    private Value index(List<Value> arguments) throws TemplateMistake {
        Value value = at("index", arguments, 0);
        for (Value key : arguments.subList(1, arguments.size())) {
            value = index(value, key);
        }
        return value;
    }

    private Value index(Value value, Value key) throws TemplateMistake {
        if (value instanceof Value.Fields(SortedMap<String, String> fields) && key instanceof Value.Text(String name)) {
            return Value.of(fields.getOrDefault(name, ""));
        }
        if (value instanceof Value.Text(String text) && key instanceof Value.Whole(long position)) {
            byte[] bytes = bytes(text);
            if (position < 0 || position >= bytes.length) {
                throw wrong("index out of range: " + position);
            }
            return new Value.Whole(bytes[(int) position] & 0xff);
        }
        throw wrong("can't index a " + value.type() + " by a " + key.type());
    }

    private Value slice(List<Value> arguments) throws TemplateMistake {
        Value value = at("slice", arguments, 0);
        if (!(value instanceof Value.Text(String text)) || arguments.size() > 3) {
            throw wrong("can't slice a " + value.type() + " by " + (arguments.size() - 1) + " numbers");
        }
        byte[] bytes = bytes(text);
        int from = arguments.size() > 1 ? position(arguments.get(1), bytes.length) : 0;
        int to = arguments.size() > 2 ? position(arguments.get(2), bytes.length) : bytes.length;
        if (from > to) {
            throw wrong("invalid slice index: " + from + " > " + to);
        }
        return Value.of(new String(Arrays.copyOfRange(bytes, from, to), StandardCharsets.UTF_8));
    }

    private int position(Value value, int length) throws TemplateMistake {
        if (value instanceof Value.Whole(long number) && number >= 0 && number <= length) {
            return (int) number;
        }
        throw wrong("index out of range: " + value.shown());
    }

    /** Go parts values by a space where neither is a text. */
    private static String print(List<Value> arguments) {
        StringBuilder printed = new StringBuilder();
        for (int i = 0; i < arguments.size(); i++) {
            boolean parts =
                    i > 0 && !(arguments.get(i) instanceof Value.Text) && !(arguments.get(i - 1) instanceof Value.Text);
            printed.append(parts ? " " : "").append(arguments.get(i).shown());
        }
        return printed.toString();
    }

    private Value printf(List<Value> arguments) throws TemplateMistake {
        if (!(at("printf", arguments, 0) instanceof Value.Text(String format))) {
            throw wrong("printf wants a text first");
        }
        return Value.of(new Printf(format, arguments.subList(1, arguments.size())).text());
    }

    private static String escaped(String text, Map<Integer, String> escapes) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> {
            String escape = escapes.get(c);
            if (escape == null) {
                escaped.append((char) c);
            } else {
                escaped.append(escape);
            }
        });
        return escaped.toString();
    }

    private TemplateMistake wrong(String what) {
        return new TemplateMistake(line, what);
    }
}
