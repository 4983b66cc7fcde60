package dev.linnet.manifests.gotemplate;

import dev.linnet.manifests.gotemplate.Node.Command;
import dev.linnet.manifests.gotemplate.Node.Operand;
import dev.linnet.manifests.gotemplate.Node.Pipe;
import dev.linnet.manifests.gotemplate.Node.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What pipelines come to. */
final class Pipelines {
    private static final int LONGEST = 64 * 1024;

    private final Map<String, Value> values;

    Pipelines(Map<String, Value> values) {
        this.values = values;
    }

    Value value(Pipe pipe, Scope scope) throws TemplateMistake {
        Optional<Value> last = Optional.empty();
        for (Command command : pipe.commands()) {
            last = Optional.of(value(command, last, scope, pipe.line()));
        }
        Value value = last.orElse(new Value.Nothing());
        for (String variable : pipe.variables()) {
            if (pipe.declares()) {
                scope.declare(variable, value);
            } else {
                scope.set(variable, value, pipe.line());
            }
        }
        return value;
    }

    private Value value(Command command, Optional<Value> last, Scope scope, int line) throws TemplateMistake {
        Operand first = command.words().getFirst();
        if (first.term() instanceof Term.Function(String name)
                && first.fields().isEmpty()
                && !values.containsKey(name)) {
            return call(name, command, last, scope, line);
        }
        if (command.words().size() > 1 || last.isPresent()) {
            String what = first.term() instanceof Term.Function(String name) ? name : "a value";
            throw new TemplateMistake(line, "can't give argument to non-function " + what);
        }
        return value(first, scope, line);
    }

    private Value call(String name, Command command, Optional<Value> last, Scope scope, int line)
            throws TemplateMistake {
        boolean isAnd = name.equals("and");
        boolean decidesEarly = isAnd || name.equals("or");
        List<Value> arguments = new ArrayList<>();
        for (Operand word : command.words().subList(1, command.words().size())) {
            Value argument = value(word, scope, line);
            if (decidesEarly && argument.isTrue() != isAnd) {
                return argument;
            }
            arguments.add(argument);
        }
        last.ifPresent(arguments::add);
        Value result = new Functions(line).call(name, arguments);
        if (result instanceof Value.Text(String text) && text.length() > LONGEST) {
            throw new TemplateMistake(line, "a text gets longer than " + LONGEST + " characters");
        }
        return result;
    }

    private Value value(Operand operand, Scope scope, int line) throws TemplateMistake {
        Value value = switch (operand.term()) {
            case Term.Literal(Value literal) -> literal;
            case Term.Dot() -> scope.dot();
            case Term.Variable(String name) -> scope.value(name, line);
            case Term.Nested(Pipe pipe) -> value(pipe, scope);
            case Term.Function(String name) ->
                values.containsKey(name) ? values.get(name) : new Functions(line).call(name, List.of());
        };
        for (String field : operand.fields()) {
            value = field(value, field, line);
        }
        return value;
    }

    private static Value field(Value value, String name, int line) throws TemplateMistake {
        if (!(value instanceof Value.Fields(SortedMap<String, String> fields))) {
            throw new TemplateMistake(line, "can't evaluate field " + name + " in type " + value.type());
        }
        String found = fields.get(name);
        if (found == null) {
            throw new TemplateMistake(line, "map has no entry for key \"" + name + "\"");
        }
        return Value.of(found);
    }
}
