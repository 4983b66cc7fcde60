package dev.linnet.controller.release;

import dev.linnet.controller.api.RunRecord;

/**
 * The Run that a Canary's release stands in, as this controller last read or wrote it.
 *
 * @param record  what it remembers
 * @param name    of the object; empty if there is none yet
 * @param version its resourceVersion
 * @param ours    whether this controller has written it: whoever wrote last acts
 */
record LatestRun(RunRecord record, String name, String version, boolean ours) {
    static final LatestRun NONE = new LatestRun(RunRecord.NONE, "", "", false);

    boolean exists() {
        return !name.isEmpty();
    }
}
