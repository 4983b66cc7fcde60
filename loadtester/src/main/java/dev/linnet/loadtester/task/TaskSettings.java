package dev.linnet.loadtester.task;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How tasks are run.
 *
 * @param commands which are allowed
 * @param timeout  after which a command is killed
 * @param env      environment of commands; {@code http_proxy} is obeyed by the built-in load generator too
 * @param folder   working directory of commands
 * @param log      takes whole lines
 */
public record TaskSettings(
        CommandPolicy commands, Duration timeout, Map<String, String> env, Path folder, Consumer<String> log) {
    public TaskSettings {
        env = Map.copyOf(env);
    }

    /** Without the environment, which may hold secrets. */
    @Override
    public String toString() {
        return "TaskSettings[commands=" + commands + ", timeout=" + timeout + "]";
    }
}
