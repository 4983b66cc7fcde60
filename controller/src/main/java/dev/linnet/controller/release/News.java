package dev.linnet.controller.release;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Which changes of a release's objects are news to its controller: all but those that it has made itself. Of these it may hear before the API
 * server's answer to them, so that what comes during a turn is judged at its end.
 */
final class News {
    /** More than one turn writes. */
    private static final int MOST_OWN = 32;

    private final SequencedSet<Version> own = new LinkedHashSet<>();
    private final Set<Version> heard = new HashSet<>();
    private boolean inTurn;

    /** Of an object; no two in a cluster have the same. */
    private record Version(String name, String version) {
        static Version of(ObjectMeta meta) {
            return new Version(meta.getName(), meta.getResourceVersion());
        }
    }

    synchronized void turnBegins() {
        inTurn = true;
    }

    /** @return whether something was heard meanwhile that the turn has not written itself */
    synchronized boolean turnEnds() {
        inTurn = false;
        boolean news = !own.containsAll(heard);
        heard.clear();
        return news;
    }

    /** What this process has made of an object of the release. */
    synchronized void wrote(ObjectMeta object) {
        own.addLast(Version.of(object));
        if (own.size() > MOST_OWN) {
            own.removeFirst();
        }
    }

    /** Whether this version of an object is a reason to look at once; during a turn nothing is, and the end of the turn says. */
    synchronized boolean isNews(ObjectMeta object) {
        Version version = Version.of(object);
        if (own.contains(version)) {
            return false;
        }
        if (inTurn) {
            heard.add(version);
        }
        return !inTurn;
    }
}
