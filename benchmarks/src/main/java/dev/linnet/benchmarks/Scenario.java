package dev.linnet.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What is asked of all proxies alike.
 *
 * @param name        on the command line
 * @param title       above the table
 * @param protocol    what the generator speaks
 * @param connections at once
 * @param rate        requests per second; 0 sends the next as soon as one is answered
 * @param path        whose last letter tells the backend how much to answer: s 100 bytes, k 10 kB, m 1 MB
 * @param upload      bytes in each request's body
 * @param without     proxies that cannot do it
 */
record Scenario(
        String name,
        String title,
        Protocol protocol,
        int connections,
        int rate,
        String path,
        int upload,
        Set<String> without) {

    enum Protocol {
        HTTP,
        /** HTTP/1.1 over TLS 1.3. */
        TLS,
        /** HTTP/2 over TLS 1.3, ten streams a connection. */
        HTTP2
    }

    private static final Set<String> PLAIN_ONLY = Set.of(Proxies.FLOOR, Proxies.DIRECT, Proxies.LUA);

    static final List<Scenario> ALL = List.of(
            plain("saturated", "64 connections, saturated", 64, 0, "/api/s", 0),
            plain("steady", "64 connections, 30,000 requests/s", 64, 30_000, "/api/s", 0),
            plain("many", "512 connections, saturated", 512, 0, "/api/s", 0),
            plain("download", "1 MB down, 16 connections, saturated (a request is a MB)", 16, 0, "/api/m", 0),
            plain("upload", "1 MB up, 16 connections, saturated (a request is a MB)", 16, 0, "/api/s", 1 << 20),
            new Scenario("tls", "TLS 1.3, 64 connections, saturated", Protocol.TLS, 64, 0, "/api/s", 0, PLAIN_ONLY),
            new Scenario(
                    "http2",
                    "HTTP/2 over TLS 1.3, 16 connections of 10 streams, saturated",
                    Protocol.HTTP2,
                    16,
                    0,
                    "/api/s",
                    0,
                    PLAIN_ONLY));

    private static Scenario plain(String name, String title, int connections, int rate, String path, int upload) {
        return new Scenario(name, title, Protocol.HTTP, connections, rate, path, upload, Set.of());
    }

    /** @throws IllegalArgumentException if there is none of that name */
    static Scenario named(String name) {
        return ALL.stream()
                .filter(scenario -> scenario.name.equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("scenario is \"" + name + "\" (expected: one of "
                        + ALL.stream().map(Scenario::name).toList() + ")"));
    }
}
