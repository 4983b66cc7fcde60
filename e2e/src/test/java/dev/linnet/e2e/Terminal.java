package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Somebody who types kubectl commands in a namespace of his own. Commands are written as in a shell: {@code get pods -l 'app in (web)'}.
 *
 * @param folder where this person's files are
 */
record Terminal(Path kubeconfig, String namespace, Path folder) {
    private static final Pattern WORD = Pattern.compile("(?:[^\\s']|'[^']*')+");

    /** What a command prints that must succeed. */
    String kubectl(String command) {
        return run("", command).ok();
    }

    /** The same with something to read, {@code -f -}. */
    String kubectl(String input, String command) {
        return run(input, command).ok();
    }

    List<String> lines(String command) {
        return kubectl(command).lines().toList();
    }

    /** What a command says that must fail. */
    String refused(String command) {
        return refused("", command);
    }

    String refused(String input, String command) {
        Program program = run(input, command);
        assertThat(program.exit()).as(command + ": " + program.out()).isOne();
        return program.err();
    }

    Program run(String input, String command) {
        return Program.run(words(command), env(), input);
    }

    /** Starts a command that goes on until it is ended. */
    Following follow(String command) {
        return Following.start(words(command), env());
    }

    /** One field of an object, or of several. */
    String field(String object, String path) {
        return kubectl("get " + object + " -o 'jsonpath={" + path + "}'");
    }

    JsonNode json(String command) {
        try {
            return new ObjectMapper().readTree(kubectl(command + " -o json"));
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON from " + command, e);
        }
    }

    /** Opens an editor that makes one replacement, as {@code sed} writes it. */
    Program edit(String command, String replacement) {
        Path editor = file("editor.sh", "#!/bin/sh\nsed -i '" + replacement + "' \"$1\"\n");
        try {
            Files.setPosixFilePermissions(editor, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Program.run(
                words(command), Map.of("KUBECONFIG", kubeconfig.toString(), "KUBE_EDITOR", editor.toString()), "");
    }

    /** Saves a file; returns its path, to be named in commands. */
    Path file(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> env() {
        return Map.of("KUBECONFIG", kubeconfig.toString());
    }

    private List<String> words(String command) {
        List<String> words = new ArrayList<>(
                List.of(Kubectl.PROGRAM, "--cache-dir=" + folder.resolveSibling("cache"), "--namespace=" + namespace));
        WORD.matcher(command).results().forEach(word -> words.add(word.group().replace("'", "")));
        return words;
    }
}
