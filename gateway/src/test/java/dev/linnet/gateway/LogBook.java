package dev.linnet.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What a logger, and those below it, say while this is open. */
public final class LogBook implements AutoCloseable {
    private final Logger logger;
    private final @Nullable Level before;
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    private LogBook(Logger logger) {
        this.logger = logger;
        this.before = logger.getLevel();
        said.list = new CopyOnWriteArrayList<>();
        said.start();
        logger.addAppender(said);
    }

    public static LogBook of(String name) {
        return new LogBook((Logger) LoggerFactory.getLogger(name));
    }

    public static LogBook of(Class<?> speaker) {
        return of(speaker.getName());
    }

    /** Also what would not be said otherwise. */
    public LogBook hearing(Level level) {
        logger.setLevel(level);
        return this;
    }

    public List<ILoggingEvent> events() {
        return said.list;
    }

    public List<String> messages() {
        return said.list.stream().map(ILoggingEvent::getMessage).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(said);
        logger.setLevel(before);
    }
}
