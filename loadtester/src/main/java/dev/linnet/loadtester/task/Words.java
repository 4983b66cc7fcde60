package dev.linnet.loadtester.task;

import java.util.ArrayList;
import java.util.List;

/** A command line as a shell takes it apart: quotes and backslashes, and nothing else. */
final class Words {
    /** What a shell would act upon outside quotes. */
    private static final String MEANINGFUL = "|&;<>()$`*?[]{}~#!\n";

    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private boolean plain = true;
    private int at;

    private Words(String line) {
        this.line = line;
    }

    /**
     * Takes a line apart.
     *
     * @throws Refused when a quote is not closed
     */
    static Split split(String line) throws Refused {
        Words words = new Words(line);
        words.scan();
        return new Split(words.words, words.plain);
    }

    /**
     * A line in words.
     *
     * @param plain whether a shell would see nothing but these words: no pipe, no variable, no pattern
     */
    record Split(List<String> words, boolean plain) {
        Split {
            words = List.copyOf(words);
        }
    }

    private void scan() throws Refused {
        while (at < line.length()) {
            char c = line.charAt(at++);
            switch (c) {
                case ' ', '\t' -> end();
                case '\'' -> quoted('\'');
                case '"' -> quoted('"');
                case '\\' -> escaped();
                default -> {
                    plain &= MEANINGFUL.indexOf(c) < 0;
                    add(c);
                }
            }
        }
        end();
    }

    private void quoted(char quote) throws Refused {
        inWord = true;
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == quote) {
                return;
            }
            if (quote == '"' && c == '\\' && at < line.length() && "\"\\$`".indexOf(line.charAt(at)) >= 0) {
                c = line.charAt(at++);
            } else if (quote == '"' && (c == '$' || c == '`')) {
                plain = false;
            }
            word.append(c);
        }
        throw new Refused("a " + quote + " is not closed in the command: " + line);
    }

    private void escaped() {
        if (at < line.length()) {
            add(line.charAt(at++));
        }
    }

    private void add(char c) {
        inWord = true;
        word.append(c);
    }

    private void end() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }
}
