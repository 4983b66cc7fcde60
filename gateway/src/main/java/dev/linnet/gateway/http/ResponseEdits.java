package dev.linnet.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an exchange changes in the head that the client gets, whoever answers: the backend or the gateway itself. Most exchanges
 * change nothing and share {@link #NONE}, which nobody may write to. Values must come from us or have been checked.
 */
public final class ResponseEdits {
    /** Changes nothing. */
    public static final ResponseEdits NONE = new ResponseEdits();

    private final StringBuilder lines = new StringBuilder();
    private final List<byte[]> dropped = new ArrayList<>(2);
    private String cookie = "";

    /** One more line. */
    public void add(String name, String value) {
        lines.append(name).append(": ").append(value).append("\r\n");
    }

    /** The backend's lines of this name are not passed on. */
    public void drop(String name) {
        dropped.add(name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** One line instead of the backend's of the same name. */
    public void set(String name, String value) {
        drop(name);
        add(name, value);
    }

    /** Our session cookie, beside the backend's; a later one replaces an earlier one. */
    public void setCookie(String value) {
        cookie = "Set-Cookie: " + value + "\r\n";
    }

    List<byte[]> dropped() {
        return dropped;
    }

    /** Whole lines, each with its end. */
    public String lines() {
        return lines + cookie;
    }

    boolean isNone() {
        return dropped.isEmpty() && lines.isEmpty() && cookie.isEmpty();
    }
}
