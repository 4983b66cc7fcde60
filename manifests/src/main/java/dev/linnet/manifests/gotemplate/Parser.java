package dev.linnet.manifests.gotemplate;

import dev.linnet.manifests.gotemplate.Node.Choice;
import dev.linnet.manifests.gotemplate.Node.Include;
import dev.linnet.manifests.gotemplate.Node.Jump;
import dev.linnet.manifests.gotemplate.Node.Pipe;
import dev.linnet.manifests.gotemplate.Node.Print;
import dev.linnet.manifests.gotemplate.Node.Range;
import dev.linnet.manifests.gotemplate.Node.Text;
import dev.linnet.manifests.gotemplate.Token.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes nodes of tokens: texts, actions and what they enclose. */
final class Parser {
    private static final int DEEPEST = 100;
    private static final String END = "end";
    private static final String ELSE = "else";

    private final Tokens tokens;
    private final PipeParser pipes;
    private final Map<String, List<Node>> templates = new HashMap<>();
    private int depth;
    private int loops;

    private Parser(Tokens tokens, Set<String> functions) {
        this.tokens = tokens;
        this.pipes = new PipeParser(tokens, functions);
    }

    /** Templates by name; the one that everything begins with has the name {@code ""}. */
    static Map<String, List<Node>> parse(String template, Set<String> functions) throws TemplateMistake {
        Parser parser = new Parser(new Tokens(Lexer.tokens(template)), functions);
        List<Node> root = parser.nodes();
        if (parser.tokens.peek().kind() != Kind.END) {
            throw parser.tokens.unexpected("if, range or with before it");
        }
        parser.templates.put("", root);
        return parser.templates;
    }

    /** Up to the action that ends or divides what encloses them, which stays. */
    private List<Node> nodes() throws TemplateMistake {
        List<Node> nodes = new ArrayList<>();
        while (true) {
            Token token = tokens.peek();
            if (token.kind() == Kind.TEXT) {
                nodes.add(new Text(tokens.next().text()));
            } else if (token.kind() == Kind.OPEN
                    && !tokens.second().is(END)
                    && !tokens.second().is(ELSE)) {
                tokens.next();
                action().ifPresent(nodes::add);
            } else {
                return nodes;
            }
        }
    }

    private Optional<Node> action() throws TemplateMistake {
        Token word = tokens.peek();
        String keyword = word.kind() == Kind.WORD ? word.text() : "";
        return switch (keyword) {
            case "if", "with" -> Optional.of(choice());
            case "range" -> Optional.of(range());
            case "define" -> define();
            case "block" -> Optional.of(block());
            case "template" -> Optional.of(include());
            case "break", "continue" -> Optional.of(jump());
            default -> Optional.of(print());
        };
    }

    private Node print() throws TemplateMistake {
        Pipe pipe = pipes.pipe();
        tokens.close();
        return new Print(pipe);
    }

    private Node choice() throws TemplateMistake {
        enter();
        boolean isWith = tokens.next().is("with");
        Pipe pipe = pipes.pipe();
        tokens.close();
        List<Node> then = nodes();
        List<Node> otherwise = otherwise(isWith ? "with" : "if");
        depth--;
        return new Choice(pipe, isWith, then, otherwise);
    }

    /** {@code else if} is an {@code if} inside the {@code else}, which ends with it. */
    private List<Node> otherwise(String keyword) throws TemplateMistake {
        tokens.open();
        if (tokens.peek().is(END)) {
            tokens.next();
            tokens.close();
            return List.of();
        }
        tokens.expect(ELSE);
        if (tokens.peek().is(keyword)) {
            return List.of(choice());
        }
        tokens.close();
        List<Node> otherwise = nodes();
        end();
        return otherwise;
    }

    private void end() throws TemplateMistake {
        tokens.open();
        tokens.expect(END);
        tokens.close();
    }

    private Node range() throws TemplateMistake {
        enter();
        tokens.next();
        Pipe pipe = pipes.rangePipe();
        tokens.close();
        loops++;
        List<Node> body = nodes();
        loops--;
        List<Node> otherwise = otherwise("");
        depth--;
        return new Range(pipe, body, otherwise);
    }

    private Node jump() throws TemplateMistake {
        if (loops == 0) {
            throw tokens.unexpected("it within range");
        }
        boolean ends = tokens.next().is("break");
        tokens.close();
        return new Jump(ends);
    }

    private Optional<Node> define() throws TemplateMistake {
        if (depth > 0) {
            throw tokens.unexpected("it outside of all others");
        }
        body();
        return Optional.empty();
    }

    private void body() throws TemplateMistake {
        enter();
        tokens.next();
        String name = tokens.string();
        tokens.close();
        templates.put(name, nodes());
        end();
        depth--;
    }

    private Node block() throws TemplateMistake {
        enter();
        int line = tokens.next().line();
        String name = tokens.string();
        Pipe dot = pipes.pipe();
        tokens.close();
        templates.put(name, nodes());
        end();
        depth--;
        return new Include(name, Optional.of(dot), line);
    }

    private Node include() throws TemplateMistake {
        int line = tokens.next().line();
        String name = tokens.string();
        Optional<Pipe> dot = tokens.peek().kind() == Kind.CLOSE ? Optional.empty() : Optional.of(pipes.pipe());
        tokens.close();
        return new Include(name, dot, line);
    }

    private void enter() throws TemplateMistake {
        if (++depth > DEEPEST) {
            throw tokens.unexpected("at most " + DEEPEST + " within each other");
        }
    }
}
