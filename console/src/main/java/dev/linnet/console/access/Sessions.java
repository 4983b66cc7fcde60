package dev.linnet.console.access;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everybody who is in. At most {@value #MOST}: one more ends the visit that rests longest. */
public final class Sessions implements AutoCloseable {
    private static final int MOST = 500;

    private final Secrets secrets = new Secrets();
    private final InstantSource clock;
    private final Map<String, Session> open = new HashMap<>();

    public Sessions(InstantSource clock) {
        this.clock = clock;
    }

    public synchronized Session begin(Person person) {
        endOld();
        if (open.size() >= MOST) {
            open.values().stream().min(Comparator.comparing(Session::seen)).ifPresent(this::end);
        }
        Session session = new Session(
                secrets.fresh(), secrets.fresh(), person, new Rights(person.client(), clock), clock.instant());
        open.put(session.id(), session);
        return session;
    }

    private void endOld() {
        List.copyOf(open.values()).stream()
                .filter(session -> session.isOver(clock.instant()))
                .forEach(this::end);
    }

    /** The session of a cookie, if it is not over. */
    public synchronized Optional<Session> find(String id) {
        Session session = open.get(id);
        if (session == null) {
            return Optional.empty();
        }
        if (session.isOver(clock.instant())) {
            end(session);
            return Optional.empty();
        }
        session.touch(clock.instant());
        return Optional.of(session);
    }

    /** Whether it has not ended. Does not count as a visit. */
    public synchronized boolean isOpen(Session session) {
        return open.containsKey(session.id()) && !session.isOver(clock.instant());
    }

    public synchronized void end(Session session) {
        if (open.remove(session.id()) != null) {
            session.person().leave();
        }
    }

    @Override
    public synchronized void close() {
        List.copyOf(open.values()).forEach(this::end);
    }
}
