package dev.linnet.machine.node.command;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets programs find what is mounted into their container at its real path too, {@code /etc/app} and not only
 * {@code {dir}/etc/app}: in a mount namespace of their own, see mount_namespaces(7). Root may have one, and others where user
 * namespaces are allowed.
 */
final class RealPaths {
    private static final Logger log = LoggerFactory.getLogger(RealPaths.class);
    private static final long PATIENCE_SECONDS = 5;
    private static final String SCRIPT = "mounts.sh";

    private final Path script;
    private final String shell;
    private final List<String> enter;
    private final List<String> leave;

    private RealPaths(Path script, String shell, List<String> enter, List<String> leave) {
        this.script = script;
        this.shell = shell;
        this.enter = enter;
        this.leave = leave;
    }

    /**
     * Finds out by trying. Empty where it cannot be.
     *
     * @param directory where a script may be put
     */
    static Optional<RealPaths> probe(Path directory) {
        try {
            Path script = directory.resolve(SCRIPT);
            try (InputStream in = RealPaths.class.getResourceAsStream(SCRIPT)) {
                if (in == null) {
                    throw new IllegalStateException("the jar lacks " + SCRIPT);
                }
                Files.createDirectories(directory);
                Files.write(script, in.readAllBytes());
            }
            return probe(script, directory);
        } catch (IOException e) {
            log.atDebug().setCause(e).log("Mounts are not shown at their real paths");
            return Optional.empty();
        }
    }

    private static Optional<RealPaths> probe(Path script, Path directory) throws IOException {
        // Others lose variables whose names have dots.
        String shell = Files.isExecutable(Path.of("/bin/bash")) ? "/bin/bash" : "sh";
        List<String> asRoot = List.of("unshare", "--mount", "--");
        if (works(List.of("unshare", "--mount", "--", "true"), directory)) {
            return Optional.of(new RealPaths(script, shell, asRoot, List.of()));
        }
        List<String> asUser = List.of("unshare", "--map-root-user", "--mount", "--");
        // Back to who one was: programs that see themselves as root try things that root alone may do.
        String user = "--map-user=" + Files.getAttribute(directory, "unix:uid");
        String group = "--map-group=" + Files.getAttribute(directory, "unix:gid");
        List<String> back = List.of("unshare", user, group, "--");
        for (List<String> leave : List.of(back, List.<String>of())) {
            List<String> trial = new ArrayList<>(asUser);
            trial.addAll(leave);
            trial.add("true");
            if (works(trial, directory)) {
                return Optional.of(new RealPaths(script, shell, asUser, leave));
            }
        }
        return Optional.empty();
    }

    private static boolean works(List<String> command, Path directory) throws IOException {
        Process trial = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        try {
            return trial.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && trial.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            trial.destroyForcibly();
        }
    }

    /** The words that run a program so. */
    List<String> wrap(Processes.Launch launch) throws IOException {
        Map<String, Path> mounts = new TreeMap<>(launch.place().mounts());
        // They would hide the container's own folder.
        mounts.keySet().removeIf(path -> launch.place().directory().startsWith(path) || script.startsWith(path));
        Path scratch = launch.place().scratch();
        Files.createDirectories(scratch);
        List<String> words = new ArrayList<>(enter);
        words.addAll(List.of(
                shell,
                script.toString(),
                scratch.toString(),
                launch.place().workingDirectory().toString()));
        mounts.forEach((path, what) -> words.addAll(List.of(path, what.toString())));
        words.add("--");
        words.addAll(leave);
        words.addAll(launch.words());
        return words;
    }
}
