package dev.linnet.manifests.gotemplate;

import java.util.List;
import java.util.Optional;

/** A part of a template that was read. */
sealed interface Node {
    /** Copied as it is. */
    record Text(String text) implements Node {}

    /** A pipeline whose value is printed, unless it declares or sets a variable. */
    record Print(Pipe pipe) implements Node {}

    /** {@code if}, or {@code with}, which also makes the value the dot. */
    record Choice(Pipe pipe, boolean isWith, List<Node> then, List<Node> otherwise) implements Node {
        public Choice {
            then = List.copyOf(then);
            otherwise = List.copyOf(otherwise);
        }
    }

    record Range(Pipe pipe, List<Node> body, List<Node> otherwise) implements Node {
        public Range {
            body = List.copyOf(body);
            otherwise = List.copyOf(otherwise);
        }
    }

    /** {@code template}. */
    record Include(String name, Optional<Pipe> dot, int line) implements Node {}

    /** {@code break} or {@code continue}. */
    record Jump(boolean ends) implements Node {}

    /**
     * Commands, each of which gets the value of the one before as its last argument.
     *
     * @param variables that get the value; two only in {@code range}
     * @param declares  whether they are new ({@code :=})
     */
    record Pipe(List<String> variables, boolean declares, List<Command> commands, int line) {
        public Pipe {
            variables = List.copyOf(variables);
            commands = List.copyOf(commands);
        }
    }

    /** A value, or a function with its arguments. */
    record Command(List<Operand> words) {
        public Command {
            words = List.copyOf(words);
        }
    }

    /** @param fields of it: {@code variables.first} */
    record Operand(Term term, List<String> fields) {
        public Operand {
            fields = List.copyOf(fields);
        }
    }

    sealed interface Term {
        record Literal(Value value) implements Term {}

        record Dot() implements Term {}

        record Variable(String name) implements Term {}

        record Function(String name) implements Term {}

        record Nested(Pipe pipe) implements Term {}
    }
}
