package dev.linnet.routing;

import dev.linnet.routing.policy.Affinity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Whether a client's session cookie ties it to a version of a route (spec of ingress-nginx, §1.11). Header and cookie rules of canaries go
 * before: who asks for a version gets it, and keeps his session. Only chance is not asked any more.
 */
final class Pins {
    static final int NOBODY = -1;
    static final int PRIMARY = -2;

    private static final Pins NONE = new Pins(new byte[0], "", new String[0], 0);

    private final byte[] cookie;
    private final String primary;
    private final String[] canaries;
    private final long sticky;

    private Pins(byte[] cookie, String primary, String[] canaries, long sticky) {
        this.cookie = cookie;
        this.primary = primary;
        this.canaries = canaries;
        this.sticky = sticky;
    }

    static Pins of(Optional<Affinity> affinity, Side primary, List<Side> canaries) {
        if (affinity.isEmpty()) {
            return NONE;
        }
        String[] keys = new String[canaries.size()];
        long sticky = 0;
        for (int i = 0; i < keys.length; i++) {
            keys[i] = AffinityCookie.backendKey(canaries.get(i).backend());
            sticky |= canaries.get(i).isSticky() ? 1L << i : 0;
        }
        return new Pins(
                affinity.get().cookie().getBytes(StandardCharsets.UTF_8),
                AffinityCookie.backendKey(primary.backend()),
                keys,
                sticky);
    }

    /** A canary's number, {@link #PRIMARY} or {@link #NOBODY}. */
    int of(RequestView request) {
        if (cookie.length == 0) {
            return NOBODY;
        }
        Optional<AffinityCookie> found = AffinityCookie.read(request, cookie);
        if (found.isEmpty()) {
            return NOBODY;
        }
        String backend = found.get().backend();
        if (backend.equals(primary)) {
            return PRIMARY;
        }
        for (int i = 0; i < canaries.length; i++) {
            if ((sticky & (1L << i)) != 0 && backend.equals(canaries[i])) {
                return i;
            }
        }
        return NOBODY;
    }

    /** One bit for each canary that respects a client's tie to the primary; the others ({@code legacy}) do not. */
    long sticky() {
        return sticky;
    }
}
