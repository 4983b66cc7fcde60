package dev.linnet.gateway.ops;

import dev.linnet.routing.Secret;

/** Who may read numbers where not everybody may. */
@FunctionalInterface
public interface Bearers {
    /** Knows nobody. */
    Bearers NOBODY = (_, _) -> Verdict.UNKNOWN;

    /** What becomes of a token. */
    enum Verdict {
        ALLOWED,
        /** It is nobody's. */
        UNKNOWN,
        /** Its owner may not. */
        FORBIDDEN,
        /** Nobody can say for the moment, which lets nobody in. */
        UNDECIDED
    }

    /**
     * Decides. May take as long as an answer of the Kubernetes API.
     *
     * @param token as it was sent
     * @param path  that is asked for
     */
    Verdict judge(Secret<String> token, String path);
}
