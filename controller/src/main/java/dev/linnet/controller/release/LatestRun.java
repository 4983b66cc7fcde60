package dev.linnet.controller.release;

import dev.linnet.controller.api.RunRecord;
import java.time.Instant;

/**
 * The Run that a Canary's release stands in, as this controller last read or wrote it.
 *
 * @param record  what it remembers
 * @param name    of the object; empty if there is none yet
 * @param version its resourceVersion
 * @param created when the API server made the object, by its clock; long ago if there is none yet
 * @param ours    whether this controller has written it: whoever wrote last acts
 */
record LatestRun(RunRecord record, String name, String version, Instant created, boolean ours) {
    static final LatestRun NONE = new LatestRun(RunRecord.NONE, "", "", Instant.EPOCH, false);

    boolean exists() {
        return !name.isEmpty();
    }
}
