package dev.linnet.gateway.http;

import dev.linnet.routing.policy.HeadEdits;
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
    private final StringBuilder cookies = new StringBuilder();
    private final List<byte[]> dropped = new ArrayList<>(2);
    private String cookie = "";
    private int status;
    private byte[] written = {};
    private boolean changed;

    /** One more line. */
    public void add(String name, String value) {
        changed = true;
        lines.append(name).append(": ").append(value).append("\r\n");
    }

    /** A cookie that is only set by answers that are no errors. */
    public void addCookieToGood(String value) {
        cookies.append("Set-Cookie: ").append(value).append("\r\n");
    }

    /** The backend's lines of this name are not passed on. */
    public void drop(String name) {
        dropped.add(name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** What somebody has written down. */
    public void change(HeadEdits.Lines changes) {
        changes.drop().forEach(this::drop);
        changes.set().forEach(line -> set(line.name(), line.value()));
        changes.add().forEach(line -> add(line.name(), line.value()));
    }

    /** One line instead of the backend's of the same name. */
    public void set(String name, String value) {
        drop(name);
        add(name, value);
    }

    /** Our session cookie, beside the backend's; a later one replaces an earlier one. */
    public void setCookie(String value) {
        changed = true;
        cookie = "Set-Cookie: " + value + "\r\n";
    }

    /**
     * The answer is another one's, but keeps what was to be said.
     *
     * @param more whole lines, each with its end
     */
    public void keep(int other, String more) {
        changed = true;
        status = other;
        lines.append(more);
    }

    int status() {
        return status;
    }

    List<byte[]> dropped() {
        return dropped;
    }

    /** Whole lines, each with its end, for an answer of this status. */
    public String lines(int status) {
        return lines + cookie + (isGood(status) ? cookies : "");
    }

    /** The same; what many answers share is put into bytes once. Not a copy. */
    byte[] bytes(int status) {
        if (!cookies.isEmpty()) {
            return lines(status).getBytes(StandardCharsets.ISO_8859_1);
        }
        if (changed) {
            changed = false;
            written = lines(status).getBytes(StandardCharsets.ISO_8859_1);
        }
        return written;
    }

    /** As nginx has it for {@code add_header}. */
    private static boolean isGood(int status) {
        return switch (status) {
            case 200, 201, 204, 206, 301, 302, 303, 304, 307, 308 -> true;
            default -> false;
        };
    }

    boolean isNone() {
        return dropped.isEmpty() && lines.isEmpty() && cookie.isEmpty() && cookies.isEmpty() && status == 0;
    }
}
