package dev.linnet.routing.policy;

/**
 * How bodies of requests are taken (spec of ingress-nginx, §3.4, §4.3).
 *
 * @param most       the largest, in bytes; 0 for any
 * @param wholeFirst whether a body that is small enough to be kept is waited for before an endpoint is asked, so that a slow client
 *                   occupies none and a failed attempt can be repeated; larger ones pass as they come
 * @param keptAtMost how much of one is kept, in bytes
 */
public record Bodies(long most, boolean wholeFirst, int keptAtMost) {
    /** What nobody set: as in ingress-nginx, 1 MiB at most. */
    public static final Bodies DEFAULT = new Bodies(1 << 20, true, 64 * 1024);

    /** Anything passes as it comes. */
    public static final Bodies ANY = new Bodies(0, false, 64 * 1024);

    public Bodies {
        if (most < 0 || keptAtMost < 0) {
            throw new IllegalArgumentException(
                    "bodies are " + most + " at most, " + keptAtMost + " kept (expected: nothing negative)");
        }
    }

    public boolean admits(long length) {
        return most == 0 || length <= most;
    }
}
