package dev.linnet.manifests.gotemplate;

import dev.linnet.manifests.gotemplate.Node.Command;
import dev.linnet.manifests.gotemplate.Node.Operand;
import dev.linnet.manifests.gotemplate.Node.Pipe;
import dev.linnet.manifests.gotemplate.Node.Term;
import dev.linnet.manifests.gotemplate.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads what stands in an action: {@code $x := printf "%s" name | len}. */
final class PipeParser {
    private static final int DEEPEST = 100;

    private final Tokens tokens;
    private final Set<String> functions;
    private int depth;

    PipeParser(Tokens tokens, Set<String> functions) {
        this.tokens = tokens;
        this.functions = new TreeSet<>(functions);
    }

    Pipe pipe() throws TemplateMistake {
        int line = tokens.peek().line();
        boolean declares =
                tokens.peek().kind() == Kind.VARIABLE && tokens.second().is(":=");
        boolean sets = tokens.peek().kind() == Kind.VARIABLE && tokens.second().is("=");
        List<String> variables = new ArrayList<>();
        if (declares || sets) {
            variables.add(tokens.next().text());
            tokens.next();
        }
        return new Pipe(variables, declares, commands(), line);
    }

    /** {@code $key, $value := …}: of a range, which may have two variables. */
    Pipe rangePipe() throws TemplateMistake {
        if (tokens.peek().kind() != Kind.VARIABLE || !tokens.second().is(",")) {
            return pipe();
        }
        String key = tokens.next().text();
        tokens.next();
        if (tokens.peek().kind() != Kind.VARIABLE) {
            throw tokens.unexpected("a second variable");
        }
        Pipe pipe = pipe();
        if (pipe.variables().isEmpty()) {
            throw tokens.unexpected(":=");
        }
        return new Pipe(List.of(key, pipe.variables().getFirst()), pipe.declares(), pipe.commands(), pipe.line());
    }

    private List<Command> commands() throws TemplateMistake {
        List<Command> commands = new ArrayList<>();
        commands.add(command());
        while (tokens.peek().is("|")) {
            tokens.next();
            commands.add(command());
        }
        return commands;
    }

    private Command command() throws TemplateMistake {
        List<Operand> words = new ArrayList<>();
        while (!isEnd(tokens.peek())) {
            words.add(operand());
        }
        if (words.isEmpty()) {
            throw tokens.unexpected("a value");
        }
        return new Command(words);
    }

    private static boolean isEnd(Token token) {
        return token.kind() == Kind.CLOSE || token.kind() == Kind.END || token.is("|") || token.is(")");
    }

    private Operand operand() throws TemplateMistake {
        Token first = tokens.peek();
        List<String> fields = new ArrayList<>();
        Term term = first.kind() == Kind.FIELD ? new Term.Dot() : term(tokens.next());
        if (first.kind() == Kind.FIELD) {
            fields.add(tokens.next().text());
        }
        while (tokens.peek().kind() == Kind.FIELD && tokens.peek().joint()) {
            fields.add(tokens.next().text());
        }
        return new Operand(term, fields);
    }

    private Term term(Token token) throws TemplateMistake {
        return switch (token.kind()) {
            case WORD -> word(token);
            case DOT -> new Term.Dot();
            case VARIABLE -> new Term.Variable(token.text());
            case NUMBER -> new Term.Literal(Numbers.read(token));
            case STRING -> new Term.Literal(Value.of(token.text()));
            case CHARACTER -> new Term.Literal(character(token));
            case SIGN -> nested(token);
            case TEXT, OPEN, CLOSE, FIELD, END -> throw new TemplateMistake(token.line(), "a value is missing");
        };
    }

    private Term word(Token token) throws TemplateMistake {
        return switch (token.text()) {
            case "true", "false" -> new Term.Literal(new Value.Truth(token.is("true")));
            case "nil" -> new Term.Literal(new Value.Nothing());
            default -> {
                if (!functions.contains(token.text())) {
                    throw new TemplateMistake(
                            token.line(),
                            "function \"" + token.text() + "\" is not defined (expected: one of "
                                    + String.join(", ", functions) + ")");
                }
                yield new Term.Function(token.text());
            }
        };
    }

    private static Value character(Token token) throws TemplateMistake {
        if (token.text().codePointCount(0, token.text().length()) != 1) {
            throw new TemplateMistake(token.line(), "'" + token.text() + "' is not one character");
        }
        return new Value.Whole(token.text().codePointAt(0));
    }

    private Term nested(Token sign) throws TemplateMistake {
        if (!sign.is("(")) {
            throw new TemplateMistake(sign.line(), "unexpected " + sign.text() + " (expected: a value)");
        }
        if (++depth > DEEPEST) {
            throw new TemplateMistake(sign.line(), "more than " + DEEPEST + " parentheses within each other");
        }
        Pipe pipe = pipe();
        tokens.expect(")");
        depth--;
        return new Term.Nested(pipe);
    }
}
