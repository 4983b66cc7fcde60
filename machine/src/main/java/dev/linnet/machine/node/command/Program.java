package dev.linnet.machine.node.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds the program that a command line names, as a shell would, so that its absence can be told at once. */
final class Program {
    private Program() {}

    /**
     * The words with a program that can be run.
     *
     * @param path    {@code PATH}
     * @param folders from which a relative path counts, the first that has it
     * @throws IOException when there is none; the message is the one that container runtimes give
     */
    static List<String> found(List<String> words, String path, List<Path> folders) throws IOException {
        if (words.isEmpty()) {
            throw new IOException("no command specified");
        }
        String program = words.getFirst();
        if (!program.contains("/")) {
            if (Stream.of(path.split(":", -1)).noneMatch(folder -> isProgram(Path.of(folder, program)))) {
                throw new IOException("exec: \"" + program + "\": executable file not found in $PATH");
            }
            return words;
        }
        Path place = folders.stream()
                .map(folder -> folder.resolve(program))
                .filter(Program::isProgram)
                .findFirst()
                .orElseThrow(
                        () -> new IOException("exec: \"" + program + "\": no such file, or it cannot be executed"));
        List<String> absolute = new ArrayList<>(words);
        absolute.set(0, place.toString());
        return absolute;
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
