package dev.linnet.loadtester.task;

import dev.linnet.loadtester.hey.HeyOptions;
import java.util.ArrayList;
import java.util.List;

/** Something to run, checked against the policy. */
sealed interface Command {

    /** Shown in logs and answers. */
    String text();

    /** A process. */
    record Program(List<String> argv, String text) implements Command {
        public Program {
            argv = List.copyOf(argv);
        }
    }

    /** The load generator in this JVM. */
    record Load(HeyOptions options, String text) implements Command {}

    /** A line, by a shell where it wants one and the policy lets it. {@code hey} is always ours. */
    static Command line(String text, String shell, CommandPolicy policy) throws Refused {
        Words.Split line = Words.split(text);
        policy.check(line, text);
        if (line.plain() && line.words().getFirst().equals("hey")) {
            return new Load(heyOptions(line.words().subList(1, line.words().size())), text);
        }
        return new Program(line.plain() ? line.words() : List.of(shell, "-c", text), text);
    }

    private static HeyOptions heyOptions(List<String> arguments) throws Refused {
        try {
            return HeyOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
    }

    /** Arguments of a fixed program. */
    static Command program(String program, String arguments, CommandPolicy policy) throws Refused {
        policy.checkProgram(program);
        List<String> argv = new ArrayList<>(List.of(program));
        argv.addAll(Words.split(arguments).words());
        return new Program(argv, program + " " + arguments);
    }
}
