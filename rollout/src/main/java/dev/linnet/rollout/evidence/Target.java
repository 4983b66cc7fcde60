package dev.linnet.rollout.evidence;

import dev.linnet.rollout.run.Version;

/** The workload that is released, as it is now. */
public sealed interface Target {

    /**
     * @param version     what it runs
     * @param likePrimary whether its template is the primary's, names apart: asked for only where Flagger's hash is all that is known
     */
    record Found(Version version, boolean likePrimary) implements Target {}

    /** It does not exist, or cannot be released; {@code text} is the event's: {@code deployment podinfo.test get query error: …}. */
    record Unusable(String text) implements Target {}
}
