package dev.linnet.machine.node;

import dev.linnet.machine.node.log.LogStore;
import io.fabric8.kubernetes.api.model.Container;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a container has to say about its end: it writes that into a file, {@code terminationMessagePath}; or, if its {@code terminationMessagePolicy} is
 * {@code FallbackToLogsOnError}, its last lines are taken.
 *
 * @param file what the container finds at that path
 */
record TerminationMessage(Container container, Path file) {
    private static final Logger log = LoggerFactory.getLogger(TerminationMessage.class);
    private static final String USUAL_PATH = "/dev/termination-log";
    /** Kubelet's limits. */
    private static final int MOST_BYTES = 4_096;

    private static final int MOST_LOG_BYTES = 2_048;
    private static final int MOST_LOG_LINES = 80;

    String path() {
        return Objects.requireNonNullElse(container.getTerminationMessagePath(), USUAL_PATH);
    }

    /** Whether the Pod's author has chosen the path, and not the API server. */
    boolean isChosen() {
        return !path().equals(USUAL_PATH);
    }

    /** An empty file for a life that begins. */
    void begin() throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file);
    }

    /** The message of a life that has ended; empty when it has left none. */
    String read(int exitCode, LogStore logs, LogStore.Life life) {
        try {
            String message = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? end() : "";
            boolean fallsBack = exitCode != 0
                    && message.isEmpty()
                    && "FallbackToLogsOnError".equals(container.getTerminationMessagePolicy());
            return fallsBack ? last(logs.tail(life, MOST_LOG_LINES)) : message;
        } catch (IOException e) {
            log.atDebug().addKeyValue("file", file).setCause(e).log("No message of a container's end");
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private String end() throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            in.skipNBytes(Math.max(0, Files.size(file) - MOST_BYTES));
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        }
    }

    private static String last(byte[] log) {
        int begin = Math.max(0, log.length - MOST_LOG_BYTES);
        return new String(log, begin, log.length - begin, StandardCharsets.UTF_8);
    }
}
