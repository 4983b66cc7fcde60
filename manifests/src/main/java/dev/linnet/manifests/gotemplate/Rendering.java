package dev.linnet.manifests.gotemplate;

import dev.linnet.manifests.gotemplate.Node.Choice;
import dev.linnet.manifests.gotemplate.Node.Include;
import dev.linnet.manifests.gotemplate.Node.Jump;
import dev.linnet.manifests.gotemplate.Node.Pipe;
import dev.linnet.manifests.gotemplate.Node.Print;
import dev.linnet.manifests.gotemplate.Node.Range;
import dev.linnet.manifests.gotemplate.Node.Text;
import java.util.List;
import java.util.Map;

/** One rendering: what it has written, its variables, and how much it may still do, since templates come from people we do not know. */
final class Rendering {
    private static final int LONGEST = 64 * 1024;
    private static final int MOST_NODES = 100_000;
    private static final int DEEPEST = 50;

    private final Map<String, List<Node>> templates;
    private final Pipelines pipelines;
    private final StringBuilder written = new StringBuilder();
    private int nodes;
    private int depth;

    /** How a list of nodes ended. */
    private enum End {
        REACHED,
        CONTINUES,
        BREAKS
    }

    Rendering(Map<String, List<Node>> templates, Map<String, Value> values) {
        this.templates = templates;
        this.pipelines = new Pipelines(values);
    }

    String text() throws TemplateMistake {
        render(templates.getOrDefault("", List.of()), Scope.outermost(new Value.Nothing()));
        return written.toString();
    }

    private End render(List<Node> list, Scope scope) throws TemplateMistake {
        for (Node node : list) {
            if (++nodes > MOST_NODES || written.length() > LONGEST) {
                throw new TemplateMistake(1, "the query gets too long (expected: at most " + LONGEST + " characters)");
            }
            End end = render(node, scope);
            if (end != End.REACHED) {
                return end;
            }
        }
        return End.REACHED;
    }

    private End render(Node node, Scope scope) throws TemplateMistake {
        switch (node) {
            case Text(String text) -> written.append(text);
            case Print(Pipe pipe) -> print(pipe, scope);
            case Include include -> include(include, scope);
            case Choice choice -> {
                return choose(choice, scope);
            }
            case Range range -> {
                return repeat(range, scope);
            }
            case Jump(boolean ends) -> {
                return ends ? End.BREAKS : End.CONTINUES;
            }
        }
        return End.REACHED;
    }

    private void print(Pipe pipe, Scope scope) throws TemplateMistake {
        Value value = pipelines.value(pipe, scope);
        if (pipe.variables().isEmpty()) {
            written.append(value.shown());
        }
    }

    private End choose(Choice choice, Scope outer) throws TemplateMistake {
        Scope scope = outer.inner();
        Value value = pipelines.value(choice.pipe(), scope);
        if (!value.isTrue()) {
            return render(choice.otherwise(), scope);
        }
        return render(choice.then(), choice.isWith() ? scope.inner(value) : scope);
    }

    private void include(Include include, Scope scope) throws TemplateMistake {
        List<Node> body = templates.get(include.name());
        if (body == null) {
            throw new TemplateMistake(include.line(), "template \"" + include.name() + "\" is not defined");
        }
        if (++depth > DEEPEST) {
            throw new TemplateMistake(include.line(), "templates include each other without end");
        }
        Value dot = include.dot().isPresent() ? pipelines.value(include.dot().get(), scope) : new Value.Nothing();
        render(body, Scope.outermost(dot));
        depth--;
    }

    private End repeat(Range range, Scope outer) throws TemplateMistake {
        Scope scope = outer.inner();
        Pipe pipe = range.pipe();
        Value value = pipelines.value(new Pipe(List.of(), false, pipe.commands(), pipe.line()), scope);
        if (!value.isTrue()) {
            return render(range.otherwise(), scope);
        }
        switch (value) {
            case Value.Fields(var fields) -> {
                for (Map.Entry<String, String> field : fields.entrySet()) {
                    if (turn(range, scope, Value.of(field.getKey()), Value.of(field.getValue())) == End.BREAKS) {
                        break;
                    }
                }
            }
            case Value.Whole(long number) -> {
                for (long i = 0; i < number; i++) {
                    if (turn(range, scope, new Value.Whole(i), new Value.Whole(i)) == End.BREAKS) {
                        break;
                    }
                }
            }
            case Value.Text _, Value.Decimal _, Value.Truth _, Value.Nothing _ ->
                throw new TemplateMistake(pipe.line(), "range can't iterate over a " + value.type());
        }
        return End.REACHED;
    }

    /** Even an empty body counts, or a range over a large number would take for ever. */
    private End turn(Range range, Scope outer, Value key, Value value) throws TemplateMistake {
        Scope scope = outer.inner(value);
        List<String> variables = range.pipe().variables();
        if (variables.size() == 2) {
            set(scope, range, variables.get(0), key);
        }
        if (!variables.isEmpty()) {
            set(scope, range, variables.getLast(), value);
        }
        if (++nodes > MOST_NODES) {
            throw new TemplateMistake(range.pipe().line(), "range takes too long");
        }
        return render(range.body(), scope);
    }

    private static void set(Scope scope, Range range, String variable, Value value) throws TemplateMistake {
        if (range.pipe().declares()) {
            scope.declare(variable, value);
        } else {
            scope.set(variable, value, range.pipe().line());
        }
    }
}
