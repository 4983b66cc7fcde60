package dev.linnet.apiserver.http;

import dev.linnet.apiserver.access.Callers;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Calls from within this process, answered as those that come over HTTPS: the same callers by the same tokens, the same rights, the same answers. What
 * they lack is the connection, of which each watch takes one, with its handshake and its buffers on either side.
 */
public final class DirectCalls {
    private final Callers callers;
    private final Answerer answerer;

    public DirectCalls(Callers callers, Answerer answerer) {
        this.callers = callers;
        this.answerer = answerer;
    }

    /**
     * Answers one call, whatever is wrong with it.
     *
     * @param headers in any spelling
     */
    public Reply answer(String method, URI uri, Map<String, List<String>> headers, Call.Body body) {
        Map<String, List<String>> known = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        known.putAll(headers);
        return Failures.told(method, uri.getRawPath(), () -> answerer.answer(call(method, uri, known, body)));
    }

    private Call call(String method, URI uri, Map<String, List<String>> headers, Call.Body body) {
        Map<String, List<String>> impersonation = headers.entrySet().stream()
                .filter(header -> ApiHandler.impersonates(header.getKey()))
                .collect(Collectors.toMap(header -> header.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue));
        String query = uri.getRawQuery();
        return new Call(
                method,
                uri.getRawPath(),
                new Query(query == null ? "" : query),
                all(headers, "Accept"),
                all(headers, "Content-Type"),
                all(headers, "User-Agent"),
                body,
                Optional.empty(),
                callers.of(all(headers, "Authorization"), impersonation));
    }

    private static String all(Map<String, List<String>> headers, String name) {
        return String.join(",", headers.getOrDefault(name, List.of()));
    }
}
