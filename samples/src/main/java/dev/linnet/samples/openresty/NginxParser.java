package dev.linnet.samples.openresty;

import java.util.ArrayList;
import java.util.List;

/** Reads nginx's configuration language: words, quoted strings, blocks, comments. What directives mean is not known here. */
final class NginxParser {
    private final String text;
    private int at;
    private int line = 1;

    private NginxParser(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException naming the line where {@code text} is no nginx configuration */
    static List<Directive> parse(String text) {
        NginxParser parser = new NginxParser(text);
        List<Directive> directives = parser.directives();
        if (parser.at < text.length()) {
            throw parser.wrong("has a } too many");
        }
        return directives;
    }

    /** Up to the end, or to the closing brace, which stays unread. */
    private List<Directive> directives() {
        List<Directive> directives = new ArrayList<>();
        for (skipSpace(); at < text.length() && text.charAt(at) != '}'; skipSpace()) {
            directives.add(directive());
        }
        return directives;
    }

    private Directive directive() {
        int start = line;
        String name = word();
        List<String> args = new ArrayList<>();
        for (skipSpace(); at < text.length(); skipSpace()) {
            char c = text.charAt(at);
            if (c == ';') {
                at++;
                return new Directive(start, name, args, List.of(), "");
            }
            if (c == '{') {
                at++;
                return name.endsWith("_by_lua_block") ? luaBlock(start, name) : block(start, name, args);
            }
            if (c == '}') {
                break;
            }
            args.add(word());
        }
        throw new IllegalArgumentException(
                "nginx.conf line " + start + ": " + name + " does not end (expected: ; or {)");
    }

    private Directive block(int start, String name, List<String> args) {
        List<Directive> content = directives();
        if (at >= text.length()) {
            throw new IllegalArgumentException(
                    "nginx.conf line " + start + ": the block of " + name + " is not closed");
        }
        at++;
        return new Directive(start, name, args, content, "");
    }

    /** Lua up to the brace that closes the block; braces inside Lua strings do not count. */
    private Directive luaBlock(int start, String name) {
        int begin = at;
        int depth = 1;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"' || c == '\'') {
                skipLuaString(c);
                continue;
            }
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0) {
                return new Directive(start, name, List.of(), List.of(), text.substring(begin, at++));
            }
            advance();
        }
        throw new IllegalArgumentException("nginx.conf line " + start + ": the block of " + name + " is not closed");
    }

    private void skipLuaString(char quote) {
        advance();
        while (at < text.length() && text.charAt(at) != quote) {
            if (text.charAt(at) == '\\') {
                advance();
            }
            advance();
        }
        advance();
    }

    private String word() {
        char first = text.charAt(at);
        if (first == '"' || first == '\'') {
            return quoted(first);
        }
        StringBuilder word = new StringBuilder();
        while (at < text.length() && !endsWord(text.charAt(at))) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                advance();
            }
            word.append(text.charAt(at));
            advance();
        }
        if (word.isEmpty()) {
            throw wrong("has a " + first + " where a word should be");
        }
        return word.toString();
    }

    private String quoted(char quote) {
        int start = line;
        StringBuilder word = new StringBuilder();
        advance();
        while (at < text.length() && text.charAt(at) != quote) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                advance();
                word.append(unescaped(text.charAt(at)));
            } else {
                word.append(text.charAt(at));
            }
            advance();
        }
        if (at >= text.length()) {
            throw new IllegalArgumentException(
                    "nginx.conf line " + start + ": a string is not closed (expected: " + quote + ")");
        }
        at++;
        return word.toString();
    }

    /** nginx knows these escapes; before any other character it keeps the backslash. */
    private static String unescaped(char c) {
        return switch (c) {
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'n' -> "\n";
            case '"', '\'', '\\' -> String.valueOf(c);
            default -> "\\" + c;
        };
    }

    private void skipSpace() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                while (at < text.length() && text.charAt(at) != '\n') {
                    at++;
                }
            } else if (!Character.isWhitespace(c)) {
                return;
            } else {
                advance();
            }
        }
    }

    private void advance() {
        if (at < text.length() && text.charAt(at) == '\n') {
            line++;
        }
        at++;
    }

    private static boolean endsWord(char c) {
        return Character.isWhitespace(c) || c == ';' || c == '{' || c == '}';
    }

    private IllegalArgumentException wrong(String problem) {
        return new IllegalArgumentException("nginx.conf line " + line + " " + problem);
    }
}
