package dev.linnet.manifests.gotemplate;

import dev.linnet.manifests.gotemplate.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes a template apart into tokens. */
final class Lexer {
    private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern NUMBER = Pattern.compile(
            "[+-]?(0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[0-9][0-9_]*\\.?[0-9_]*([eE][+-]?[0-9]+)?"
                    + "|\\.[0-9]+([eE][+-]?[0-9]+)?)");
    private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*+)\"");
    private static final Pattern CHARACTER = Pattern.compile("'((?:[^'\\\\\\n]|\\\\.)++)'");
    private static final Pattern RAW = Pattern.compile("`([^`]*)`");
    private static final Pattern BLANKS_AND_COMMENT = Pattern.compile("\\s*+/\\*");
    private static final Pattern SIGN = Pattern.compile(":=|[|(),=]");

    private final String template;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int counted;
    private int line = 1;

    private Lexer(String template) {
        this.template = template;
    }

    static List<Token> tokens(String template) throws TemplateMistake {
        Lexer lexer = new Lexer(template);
        lexer.read();
        return lexer.tokens;
    }

    private void read() throws TemplateMistake {
        boolean trims = false;
        while (true) {
            int open = template.indexOf("{{", at);
            String text = template.substring(at, open < 0 ? template.length() : open);
            boolean trimsBefore = open >= 0 && isTrim(open + 2);
            text = trims ? text.stripLeading() : text;
            text = trimsBefore ? text.stripTrailing() : text;
            if (!text.isEmpty()) {
                add(Kind.TEXT, text, false);
            }
            if (open < 0) {
                at = template.length();
                add(Kind.END, "", false);
                return;
            }
            at = open + 2 + (trimsBefore ? 1 : 0);
            trims = action();
        }
    }

    /** A minus beside a brace trims only if a space parts it from what is inside, so that {@code {{-3}}} is a number. */
    private boolean isTrim(int minus) {
        return template.startsWith("-", minus)
                && minus + 1 < template.length()
                && Character.isWhitespace(template.charAt(minus + 1));
    }

    /** @return whether the text after it loses its leading space */
    private boolean action() throws TemplateMistake {
        if (BLANKS_AND_COMMENT.matcher(template).region(at, template.length()).lookingAt()) {
            return comment();
        }
        add(Kind.OPEN, "{{", false);
        boolean joint = false;
        while (at < template.length()) {
            if (Character.isWhitespace(template.charAt(at))) {
                boolean trims = template.startsWith("-}}", at + 1);
                at += trims ? 2 : 1;
                joint = false;
                if (trims) {
                    return close(true);
                }
            } else if (template.startsWith("}}", at)) {
                return close(false);
            } else {
                token(joint);
                joint = true;
            }
        }
        throw wrong("an action is not closed (expected: }})");
    }

    private boolean close(boolean trims) {
        add(Kind.CLOSE, "}}", false);
        at += 2;
        return trims;
    }

    private boolean comment() throws TemplateMistake {
        int end = template.indexOf("*/", at);
        if (end < 0) {
            throw wrong("a comment is not closed (expected: */}})");
        }
        at = end + 2;
        boolean trims = template.startsWith(" -}}", at);
        at += trims ? 2 : 0;
        if (!template.startsWith("}}", at)) {
            throw wrong("a comment ends before its action does (expected: */}})");
        }
        at += 2;
        return trims;
    }

    private void token(boolean joint) throws TemplateMistake {
        char first = template.charAt(at);
        boolean digitFollows = at + 1 < template.length() && Character.isDigit(template.charAt(at + 1));
        if (first == '.' && !digitFollows) {
            at++;
            String name = take(WORD);
            add(name.isEmpty() ? Kind.DOT : Kind.FIELD, name, joint);
        } else if (first == '$') {
            at++;
            add(Kind.VARIABLE, "$" + take(WORD), joint);
        } else if (!plain(Kind.WORD, WORD, joint)
                && !plain(Kind.NUMBER, NUMBER, joint)
                && !quoted(Kind.STRING, STRING, joint)
                && !quoted(Kind.CHARACTER, CHARACTER, joint)
                && !quotedAsIs(joint)
                && !plain(Kind.SIGN, SIGN, joint)) {
            throw wrong("cannot read " + template.substring(at, Math.min(at + 10, template.length())));
        }
    }

    private boolean plain(Kind kind, Pattern pattern, boolean joint) {
        String found = take(pattern);
        if (found.isEmpty()) {
            return false;
        }
        add(kind, found, joint);
        return true;
    }

    private boolean quoted(Kind kind, Pattern pattern, boolean joint) throws TemplateMistake {
        String found = take(pattern);
        if (found.isEmpty()) {
            return false;
        }
        add(kind, Quotes.read(found.substring(1, found.length() - 1), line()), joint);
        return true;
    }

    private boolean quotedAsIs(boolean joint) {
        String found = take(RAW);
        if (found.isEmpty()) {
            return false;
        }
        add(Kind.STRING, found.substring(1, found.length() - 1), joint);
        return true;
    }

    private String take(Pattern pattern) {
        Matcher matcher = pattern.matcher(template).region(at, template.length());
        if (!matcher.lookingAt()) {
            return "";
        }
        at = matcher.end();
        return matcher.group();
    }

    private void add(Kind kind, String text, boolean joint) {
        tokens.add(new Token(kind, text, line(), joint));
    }

    private int line() {
        for (; counted < Math.min(at, template.length()); counted++) {
            line += template.charAt(counted) == '\n' ? 1 : 0;
        }
        return line;
    }

    private TemplateMistake wrong(String what) {
        return new TemplateMistake(line(), what);
    }
}
