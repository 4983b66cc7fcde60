package dev.linnet.gateway.http;

import dev.linnet.routing.ReleaseSides;
import dev.linnet.routing.policy.HeadEdits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an exchange changes in the head that the backend gets, beyond what is always done. Most exchanges change nothing and share
 * {@link #NONE}, which nobody may write to. Values must come from us or have been checked: they are written as they are.
 */
public final class RequestEdits {
    /** Changes nothing. */
    public static final RequestEdits NONE = new RequestEdits();

    private final StringBuilder lines = new StringBuilder();
    private final List<byte[]> dropped = new ArrayList<>(2);
    private Optional<String> requestId = Optional.empty();
    private Optional<byte[]> target = Optional.empty();
    private Optional<byte[]> host = Optional.empty();
    private Optional<byte[]> method = Optional.empty();
    private Optional<ReleaseSides> sides = Optional.empty();

    /** The same changes, to be added to. */
    public RequestEdits copy() {
        RequestEdits copy = new RequestEdits();
        copy.lines.append(lines);
        copy.dropped.addAll(dropped);
        copy.requestId = requestId;
        copy.target = target;
        copy.host = host;
        copy.method = method;
        copy.sides = sides;
        return copy;
    }

    /** Another path and query instead of the client's. */
    public void target(String pathAndQuery) {
        target = Optional.of(pathAndQuery.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Another method instead of the client's. An upgrade that the client asks for is not asked for then. */
    public void method(String name) {
        method = Optional.of(name.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Another Host instead of the client's; {@code X-Forwarded-Host} keeps telling the client's. */
    public void host(String value) {
        host = Optional.of(value.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The id of the request, where the client brought none. */
    public void requestId(String id) {
        requestId = Optional.of(id);
    }

    /** The sides of joint releases that the request goes on with, instead of those that it has come with. */
    public void sides(ReleaseSides now) {
        sides = Optional.of(now);
    }

    /** One more line. */
    public void add(String name, String value) {
        lines.append(name).append(": ").append(value).append("\r\n");
    }

    /** The client's lines of this name are not forwarded. */
    public void drop(String name) {
        dropped.add(name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** What somebody has written down. */
    public void change(HeadEdits.Lines changes) {
        changes.drop().forEach(this::drop);
        changes.set().forEach(line -> set(line.name(), line.value()));
        changes.add().forEach(line -> add(line.name(), line.value()));
    }

    /** One line instead of the client's of the same name. */
    public void set(String name, String value) {
        if (name.equalsIgnoreCase("Host")) {
            host(value);
        } else {
            drop(name);
            add(name, value);
        }
    }

    /** Whether a line of this name is added, be it instead of the client's. */
    public boolean adds(String name) {
        String begin = name + ":";
        return !lines.isEmpty()
                && lines.toString().lines().anyMatch(line -> line.regionMatches(true, 0, begin, 0, begin.length()));
    }

    /** See {@link #requestId(String)}. */
    public Optional<String> requestId() {
        return requestId;
    }

    Optional<byte[]> target() {
        return target;
    }

    Optional<byte[]> method() {
        return method;
    }

    Optional<byte[]> host() {
        return host;
    }

    Optional<ReleaseSides> sides() {
        return sides;
    }

    List<byte[]> dropped() {
        return dropped;
    }

    /** Whole lines, each with its end. */
    byte[] lines() {
        return lines.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    boolean isNone() {
        return requestId.isEmpty()
                && target.isEmpty()
                && method.isEmpty()
                && host.isEmpty()
                && sides.isEmpty()
                && dropped.isEmpty()
                && lines.isEmpty();
    }
}
