package dev.linnet.manifests.gotemplate;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The dot, and the variables that are known at a place of a template. */
final class Scope {
    private final Optional<Scope> outer;
    private final Value dot;
    private final Map<String, Value> variables = new HashMap<>();

    private Scope(Optional<Scope> outer, Value dot) {
        this.outer = outer;
        this.dot = dot;
    }

    /** Of a whole template, whose data is also {@code $}. */
    static Scope outermost(Value data) {
        Scope scope = new Scope(Optional.empty(), data);
        scope.declare("$", data);
        return scope;
    }

    Scope inner() {
        return inner(dot);
    }

    Scope inner(Value newDot) {
        return new Scope(Optional.of(this), newDot);
    }

    Value dot() {
        return dot;
    }

    void declare(String variable, Value value) {
        variables.put(variable, value);
    }

    void set(String variable, Value value, int line) throws TemplateMistake {
        of(variable, line).variables.put(variable, value);
    }

    Value value(String variable, int line) throws TemplateMistake {
        Scope scope = of(variable, line);
        return scope.variables.getOrDefault(variable, new Value.Nothing());
    }

    private Scope of(String variable, int line) throws TemplateMistake {
        Optional<Scope> scope = Optional.of(this);
        while (scope.isPresent() && !scope.get().variables.containsKey(variable)) {
            scope = scope.get().outer;
        }
        return scope.orElseThrow(() -> new TemplateMistake(line, "variable " + variable + " is not defined"));
    }
}
