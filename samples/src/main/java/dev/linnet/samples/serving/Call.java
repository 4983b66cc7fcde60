package dev.linnet.samples.serving;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;

/** A request as samples see it. */
public final class Call {
    /** As in podinfo: without a limit, one large body could take the heap that all samples share. */
    private static final int MAX_BODY = 10 << 20;

    private final Request request;

    Call(Request request) {
        this.request = request;
    }

    /** A body that is longer than samples read. */
    public static final class BodyTooLarge extends IOException {
        private static final long serialVersionUID = 1;

        BodyTooLarge() {
            super("request body too large");
        }
    }

    public String method() {
        return request.getMethod();
    }

    /** Decoded, and without dot segments. */
    public String path() {
        return Request.getPathInContext(request);
    }

    /** Path and query as they were sent. */
    public String target() {
        return request.getHttpURI().getPathQuery();
    }

    /** The host that was asked for, without a port. */
    public String host() {
        return Request.getServerName(request);
    }

    public Optional<String> query(String name) {
        Fields fields = Request.extractQueryParameters(request);
        return Optional.ofNullable(fields.getValue(name));
    }

    /** Names of all query parameters. */
    public List<String> queryNames() {
        return Request.extractQueryParameters(request).stream()
                .map(Fields.Field::getName)
                .toList();
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    /** All headers under their canonical names ({@code X-Canary}), sorted; {@code Host} is left out, as Go leaves it out. */
    public SortedMap<String, List<String>> headers() {
        SortedMap<String, List<String>> all = new TreeMap<>();
        for (HttpField field : request.getHeaders()) {
            if (!field.getName().equalsIgnoreCase("host")) {
                all.computeIfAbsent(
                        canonical(field.getName()), _ -> request.getHeaders().getValuesList(field.getName()));
            }
        }
        return all;
    }

    /** @throws BodyTooLarge beyond 10 MiB */
    public byte[] body() throws IOException {
        InputStream in = Content.Source.asInputStream(request);
        byte[] body = in.readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            throw new BodyTooLarge();
        }
        return body;
    }

    private static String canonical(String name) {
        StringBuilder result = new StringBuilder(name.length());
        boolean start = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            result.append(start ? Character.toUpperCase(c) : Character.toLowerCase(c));
            start = c == '-';
        }
        return result.toString();
    }
}
