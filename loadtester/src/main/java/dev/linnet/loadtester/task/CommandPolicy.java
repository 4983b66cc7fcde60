package dev.linnet.loadtester.task;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which commands may be run.
 *
 * @param any      every command, by a shell where its line wants one
 * @param programs otherwise: these programs, without a shell
 */
public record CommandPolicy(boolean any, Set<String> programs) {
    private static final Set<String> HARMLESS =
            new LinkedHashSet<>(List.of("hey", "wrk", "ghz", "curl", "grpc_health_probe"));

    public CommandPolicy {
        programs = new LinkedHashSet<>(programs);
    }

    /** Programs that only send requests. */
    public static CommandPolicy usual() {
        return new CommandPolicy(false, HARMLESS);
    }

    public static CommandPolicy anything() {
        return new CommandPolicy(true, Set.of());
    }

    /** These programs only; {@code *} among them stands for everything. */
    public static CommandPolicy of(List<String> programs) {
        return programs.contains("*") ? anything() : new CommandPolicy(false, Set.copyOf(programs));
    }

    void check(Words.Split line, String text) throws Refused {
        if (line.words().isEmpty()) {
            throw new Refused("the command is empty");
        }
        if (any) {
            return;
        }
        if (!line.plain()) {
            throw new Refused("the command needs a shell: " + text
                    + " (expected: one program and its arguments; --allow-commands='*' allows a shell)");
        }
        checkProgram(line.words().getFirst());
    }

    void checkProgram(String program) throws Refused {
        if (!any && !programs.contains(program)) {
            throw new Refused(program + " is not among the allowed commands (expected: " + String.join(", ", programs)
                    + "; --allow-commands names others)");
        }
    }
}
