package dev.linnet.console.view;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The page before one is in.
 *
 * @param next    where to go then
 * @param problem what was wrong with the last attempt; else empty
 * @param local   whether there are one-time links here
 * @param oidc    the provider that one can sign in with; empty if there is none
 */
public record LoginView(Frame frame, String next, String problem, boolean local, String oidc) {
    /** Where that begins. */
    public String departure() {
        return "/login/oidc?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
    }
}
