package dev.linnet.console.web;

import java.time.Duration;

/**
 * The cookie of sessions. Cookies do not know ports, so that its name does: two consoles on one machine do not sign each other out.
 *
 * @param secure whether it is only sent over TLS
 */
record CookieName(int port, boolean secure) {
    String name() {
        return "linnet-session-" + port;
    }

    String set(String id) {
        return name() + "=" + id + attributes("/");
    }

    String forget() {
        return name() + "=" + attributes("/") + "; Max-Age=0";
    }

    /** Remembers that this browser was sent to the provider. It comes back with a link of another site's, hence Lax there, too. */
    String departing(String state, Duration longest) {
        return departure() + "=" + state + attributes("/login") + "; Max-Age=" + longest.toSeconds();
    }

    String departure() {
        return "linnet-departure-" + port;
    }

    /** Lax: a link from a chat opens the page; forms of others are refused by what {@link Guard} reads and by the form's key. */
    private String attributes(String path) {
        return "; Path=" + path + "; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "");
    }
}
