package dev.linnet.gateway.feed;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Our own bugs, met while something is worked out: one thing that cannot be must not stop all others. Used by one thread. */
final class Faults {
    private static final Logger log = LoggerFactory.getLogger(Faults.class);

    private boolean met;

    /**
     * Does a step for each, and takes out those for which it could be done: what is left is to be tried again.
     *
     * @param what they are, for the log
     */
    <T> void eachOnce(Collection<T> all, String what, Consumer<T> step) {
        for (T one : List.copyOf(all)) {
            if (done(what, one, step)) {
                all.remove(one);
            }
        }
    }

    /** Whether a step could be done. */
    <T> boolean done(String what, T one, Consumer<T> step) {
        try {
            step.accept(one);
            return true;
        } catch (RuntimeException e) {
            met = true;
            log.atError().addKeyValue(what, one).setCause(e).log("What has changed cannot be put in force");
            return false;
        }
    }

    /** Whether there were any since the last call. */
    boolean take() {
        boolean any = met;
        met = false;
        return any;
    }
}
