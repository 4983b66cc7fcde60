package dev.linnet.loadtester.task;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs what webhooks ask for. {@code cmd} is answered at once and runs behind; an equal one of the same Canary that still runs is not started
 * again, so that a webhook of every interval keeps one load going. The other types are answered when they have ended.
 */
public final class TaskRunner implements AutoCloseable {
    private static final int AT_ONCE = 32;
    private static final int WAITING = 256;

    private final CommandPolicy policy;
    private final Execution execution;
    private final Concord concord;
    private final Consumer<String> log;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor behind = new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            Thread.ofVirtual().name("task-", 0).factory());

    public TaskRunner(TaskSettings settings) {
        this.policy = settings.commands();
        this.execution = new Execution(settings);
        this.concord = new Concord(settings);
        this.log = settings.log();
        behind.allowCoreThreadTimeOut(true);
    }

    /** Does what the payload's metadata say. */
    public Answer run(Payload payload) throws InterruptedException {
        if (payload.metadata().isEmpty()) {
            return Answer.refused("metadata not found in payload");
        }
        String type = payload.text("type").orElse("cmd");
        try {
            return switch (type) {
                case "cmd" -> later(payload, Command.line(commandOf(payload), "sh", policy));
                case "bash" -> now(payload, Command.line(commandOf(payload), "bash", policy));
                case "helm", "helmv3" -> now(payload, Command.program("helm", commandOf(payload), policy));
                case "kubectl" -> now(payload, Command.program("kubectl", commandOf(payload), policy));
                case "concord" -> concord.run(payload);
                case "ngrinder" ->
                    throw new Refused("task type ngrinder is not supported (expected: cmd with hey, wrk or ghz)");
                default ->
                    throw new Refused(
                            "unknown task type " + type + " (expected: cmd, bash, helm, helmv3, kubectl or concord)");
            };
        } catch (Refused e) {
            log.accept(payload.release() + ": refused: " + e.getMessage());
            return Answer.refused(String.valueOf(e.getMessage()));
        }
    }

    private static String commandOf(Payload payload) throws Refused {
        return payload.text("cmd").orElseThrow(() -> new Refused("cmd not found in metadata"));
    }

    private Answer now(Payload payload, Command command) throws InterruptedException {
        log.accept(payload.release() + ": runs " + command.text());
        Finished finished = execution.run(command);
        if (finished.isWell()) {
            return Answer.ok(payload.isTrue("returnCmdOutput") ? finished.output() : "");
        }
        String failure = "command " + command.text() + " failed: " + finished.output() + ": " + finished.problem();
        log.accept(payload.release() + ": " + failure);
        return Answer.failed(failure);
    }

    private Answer later(Payload payload, Command command) {
        String key = payload.release() + "\n" + command.text();
        if (!underWay.add(key)) {
            return Answer.ACCEPTED;
        }
        try {
            behind.execute(() -> behind(key, payload, command));
            return Answer.ACCEPTED;
        } catch (RejectedExecutionException e) {
            underWay.remove(key);
            return new Answer(503, WAITING + " commands wait already (expected: fewer, or shorter ones)");
        }
    }

    private void behind(String key, Payload payload, Command command) {
        log.accept(payload.release() + ": runs " + command.text());
        try {
            Finished finished = execution.run(command);
            if (!finished.isWell()) {
                log.accept(payload.release() + ": command " + command.text() + " failed: " + finished.output() + ": "
                        + finished.problem());
            } else if (payload.isTrue("logCmdOutput")) {
                log.accept(finished.output());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            underWay.remove(key);
        }
    }

    /** Ends what runs, and starts nothing more. */
    @Override
    public void close() {
        behind.shutdown();
        behind.getQueue().clear();
        execution.close();
        behind.shutdownNow();
    }
}
