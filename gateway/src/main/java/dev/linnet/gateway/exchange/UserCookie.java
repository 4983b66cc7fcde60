package dev.linnet.gateway.exchange;

import dev.linnet.routing.CanarySelector.UserKey;

/** The cookie by which a user is known again where {@code canary-sticky: cookie} deals users to versions. It says nothing about him. */
final class UserCookie {
    private static final int MAX_AGE_SECONDS = 30 * 24 * 60 * 60; // longer than any ramp

    private UserCookie() {}

    /** The value of {@code Set-Cookie}. For all paths, because the parts of one page are served by several. */
    static String of(String id, String scheme) {
        return UserKey.ISSUED_COOKIE_NAME + "=" + id + "; Max-Age=" + MAX_AGE_SECONDS + "; Path=/"
                + (scheme.equals("https") ? "; Secure" : "") + "; HttpOnly; SameSite=Lax";
    }
}
