package dev.linnet.machine.node.command;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command line of this machine that stands for an image, {@code python3 -m http.server {port} --bind {ip}}. Words are
 * separated by blanks; quotes and backslashes keep blanks together as in a shell, and nothing else of a shell is there.
 *
 * @param words may be empty: then the Pod's own {@code command} is run
 */
public record CommandLine(List<String> words) {

    /** {@code {ip}}, {@code {port}}, {@code {port:NAME}}, {@code {dir}} and {@code {tag}}. Other braces are the program's. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(ip|port|dir|tag|port:[A-Za-z0-9-]+)}");

    public CommandLine {
        words = List.copyOf(words);
    }

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException when a quote has no end
     */
    public static CommandLine parse(String text) {
        return new CommandLine(new Words(text).read());
    }

    /** Puts values in the place of placeholders. A value is never split into words. */
    List<String> filled(UnaryOperator<String> values) {
        return words.stream()
                .map(word -> PLACEHOLDER
                        .matcher(word)
                        .replaceAll(found -> Matcher.quoteReplacement(values.apply(found.group(1)))))
                .toList();
    }

    private static final class Words {
        private final String text;
        private final List<String> words = new ArrayList<>();
        private final StringBuilder word = new StringBuilder();
        private boolean inWord;
        private int at;

        Words(String text) {
            this.text = text;
        }

        List<String> read() {
            while (at < text.length()) {
                char next = text.charAt(at++);
                switch (next) {
                    case ' ', '\t', '\n', '\r' -> end();
                    case '\'', '"' -> quoted(next);
                    case '\\' -> escaped("'\" \t\\");
                    default -> add(next);
                }
            }
            end();
            return words;
        }

        private void add(char next) {
            inWord = true;
            word.append(next);
        }

        /** A backslash before anything else is a backslash: of a pattern, say. */
        private void escaped(String escapable) {
            boolean escapes = at < text.length() && escapable.indexOf(text.charAt(at)) >= 0;
            add(escapes ? text.charAt(at++) : '\\');
        }

        private void quoted(char quote) {
            inWord = true;
            while (at < text.length()) {
                char next = text.charAt(at++);
                if (next == quote) {
                    return;
                }
                if (next == '\\' && quote == '"') {
                    escaped("\"\\");
                } else {
                    word.append(next);
                }
            }
            throw new IllegalArgumentException(
                    "command line is " + text + " (expected: an end of each quote, " + quote + ")");
        }

        private void end() {
            if (inWord) {
                words.add(word.toString());
                word.setLength(0);
                inWord = false;
            }
        }
    }
}
