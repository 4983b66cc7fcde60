package dev.linnet.manifests.gotemplate;

import dev.linnet.manifests.gotemplate.Token.Kind;
import java.util.List;

/** Tokens, one after another. The last is {@link Kind#END} and stays. */
final class Tokens {
    private final List<Token> tokens;
    private int at;

    Tokens(List<Token> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    Token peek() {
        return tokens.get(at);
    }

    /** The one after the next. */
    Token second() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token next = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return next;
    }

    void open() throws TemplateMistake {
        take(Kind.OPEN, "{{end}}");
    }

    void close() throws TemplateMistake {
        take(Kind.CLOSE, "}}");
    }

    String string() throws TemplateMistake {
        return take(Kind.STRING, "a name in quotes").text();
    }

    private Token take(Kind kind, String expected) throws TemplateMistake {
        if (peek().kind() != kind) {
            throw unexpected(expected);
        }
        return next();
    }

    void expect(String word) throws TemplateMistake {
        if (!peek().is(word)) {
            throw unexpected(word);
        }
        next();
    }

    TemplateMistake unexpected(String expected) {
        Token found = peek();
        String shown = switch (found.kind()) {
            case END -> "the end of the query";
            case TEXT -> "text";
            case FIELD -> "." + found.text();
            default -> found.text();
        };
        return new TemplateMistake(found.line(), "unexpected " + shown + " (expected: " + expected + ")");
    }
}
