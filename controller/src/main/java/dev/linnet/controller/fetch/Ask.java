package dev.linnet.controller.fetch;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request.
 *
 * @param headers which may hold secrets
 * @param body    empty for a GET
 * @param way     how the server is reached
 * @param secrets texts that no error may show
 */
public record Ask(URI url, Map<String, List<String>> headers, Optional<String> body, Way way, List<String> secrets) {

    /**
     * How a server is reached.
     *
     * @param insecure whether any certificate will do
     * @param proxy    instead of the usual one
     */
    public record Way(boolean insecure, Optional<URI> proxy) {
        public static final Way USUAL = new Way(false, Optional.empty());

        public static Way of(boolean insecure) {
            return new Way(insecure, Optional.empty());
        }
    }

    public Ask {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        headers = Map.copyOf(copy);
        secrets = secrets.stream().filter(secret -> !secret.isBlank()).toList();
    }

    public static Ask get(URI url) {
        return new Ask(url, Map.of(), Optional.empty(), Way.USUAL, List.of());
    }

    public static Ask post(URI url, String contentType, String body) {
        return new Ask(url, Map.of("Content-Type", List.of(contentType)), Optional.of(body), Way.USUAL, List.of());
    }

    /** Replaces what was there of that name. */
    public Ask with(String header, String value) {
        return with(header, List.of(value));
    }

    public Ask with(String header, List<String> values) {
        Map<String, List<String>> more = new LinkedHashMap<>(headers);
        more.keySet().removeIf(header::equalsIgnoreCase);
        more.put(header, values);
        return new Ask(url, more, body, way, secrets);
    }

    /** A header that no error may show. */
    public Ask withSecret(String header, String prefix, String secret) {
        return with(header, prefix + secret).hiding(secret);
    }

    public Ask hiding(String secret) {
        List<String> more = new ArrayList<>(secrets);
        more.add(secret);
        return new Ask(url, headers, body, way, more);
    }

    /** The same of another place of the same server. */
    public Ask to(URI other) {
        return new Ask(other, headers, body, way, secrets);
    }

    public Ask via(Way other) {
        return new Ask(url, headers, body, other, secrets);
    }

    /** Scheme, host and port: all that may be told of a URL that may be a secret. */
    public String server() {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port;
    }

    /** Without headers and body. */
    @Override
    public String toString() {
        return (body.isEmpty() ? "GET " : "POST ") + server();
    }
}
