package dev.linnet.machine.node.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The logs of this machine's containers: of each container this life's and the one's before. */
public final class LogStore {

    private static final long LIMIT = 10_000_000;

    private final Function<String, Path> folderOfPod;
    private final InstantSource clock;
    private final Map<Life, ContainerLog> open = new ConcurrentHashMap<>();

    /**
     * One life of a container.
     *
     * @param pod     the Pod's uid
     * @param restart how often it was restarted before
     */
    public record Life(String pod, String container, int restart) {
        public Life earlier(int lives) {
            return new Life(pod, container, restart - lives);
        }
    }

    /** @param folderOfPod where a Pod with this uid keeps its logs */
    public LogStore(Function<String, Path> folderOfPod, InstantSource clock) {
        this.folderOfPod = folderOfPod;
        this.clock = clock;
    }

    /** Begins a container's log. The log of the life before the last is deleted. */
    public ContainerLog begin(Life life) throws IOException {
        ContainerLog log = new ContainerLog(LogFiles.create(file(life), LIMIT), clock);
        open.put(life, log);
        Life old = life.earlier(2);
        open.remove(old);
        Files.deleteIfExists(file(old));
        Files.deleteIfExists(LogFiles.previousOf(file(old)));
        return log;
    }

    /** What a life has written; empty when it has not begun, or too long ago. */
    Optional<LogFiles> find(Life life) throws IOException {
        ContainerLog log = open.get(life);
        if (log != null) {
            return Optional.of(log.files());
        }
        return Files.exists(file(life)) ? Optional.of(LogFiles.read(file(life))) : Optional.empty();
    }

    /** Copies what a life writes from now on, until it ends. */
    public void follow(Life life, OutputStream out) throws IOException, InterruptedException {
        Optional<LogFiles> files = find(life);
        if (files.isPresent()) {
            LogRequest fromNow =
                    new LogRequest(true, false, false, OptionalLong.of(0), Optional.empty(), OptionalLong.empty());
            new LogCopy(files.get(), fromNow, out).run();
        }
    }

    /** The last lines that a life has written until now. */
    public byte[] tail(Life life, int lines) throws IOException, InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Optional<LogFiles> files = find(life);
        if (files.isPresent()) {
            LogRequest last =
                    new LogRequest(false, false, false, OptionalLong.of(lines), Optional.empty(), OptionalLong.empty());
            new LogCopy(files.get(), last, out).run();
        }
        return out.toByteArray();
    }

    /** Ends all logs of a Pod, so that nobody follows them any longer. Their files stay. */
    public void end(String pod) throws IOException {
        List<Life> lives =
                open.keySet().stream().filter(life -> life.pod().equals(pod)).toList();
        for (Life life : lives) {
            ContainerLog log = open.remove(life);
            if (log != null) {
                log.close();
            }
        }
    }

    private Path file(Life life) {
        return folderOfPod.apply(life.pod()).resolve(life.container()).resolve(life.restart() + ".log");
    }
}
