package dev.linnet.rollout.run;

import java.util.ArrayList;
import java.util.List;

/**
 * What has been said about a run.
 *
 * @param messages   how many; numbers the next, so that a message that is told again after a crash is known by its id
 * @param notices    texts that were told and are not repeated before something changes; at most {@link #MOST}
 * @param waitingFor what it waits for
 */
public record Log(long messages, List<String> notices, Wait waitingFor) {
    public static final int MOST = 20;
    public static final Log EMPTY = new Log(0, List.of(), Wait.NOTHING);

    public Log {
        notices = List.copyOf(notices);
    }

    public Log withMessages(long told) {
        return new Log(told, notices, waitingFor);
    }

    public Log withNotice(String text) {
        List<String> more = new ArrayList<>(notices);
        more.add(text);
        return new Log(messages, more.subList(Math.max(0, more.size() - MOST), more.size()), waitingFor);
    }

    public Log withWait(Wait next) {
        return new Log(messages, notices, next);
    }

    /** Something has changed: what was told before may be told again. */
    public Log renewed() {
        return new Log(messages, List.of(), Wait.NOTHING);
    }
}
