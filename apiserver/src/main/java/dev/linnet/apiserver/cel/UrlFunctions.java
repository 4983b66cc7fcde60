package dev.linnet.apiserver.cel;

import static dev.linnet.apiserver.cel.RuleFunction.global;
import static dev.linnet.apiserver.cel.RuleFunction.member;

import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.linnet.apiserver.cel.RuleFunction.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Kubernetes' URL library. Only absolute URLs and absolute paths are URLs here. */
final class UrlFunctions {
    private static final Kind<URI> URL = Kind.opaque("kubernetes.URL", URI.class);
    private static final MapType QUERY = MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING));

    private UrlFunctions() {}

    static List<RuleFunction> all() {
        return List.of(
                RuleFunction.of("url", global("string_to_url", URL.type(), Kind.TEXT, UrlFunctions::url)),
                RuleFunction.of(
                        "isURL",
                        global(
                                "is_url_string",
                                SimpleType.BOOL,
                                Kind.TEXT,
                                text -> parse(text).isPresent())),
                RuleFunction.of(
                        "getScheme", member("url_get_scheme", SimpleType.STRING, URL, url -> orEmpty(url.getScheme()))),
                RuleFunction.of("getHost", member("url_get_host", SimpleType.STRING, URL, UrlFunctions::host)),
                RuleFunction.of(
                        "getHostname", member("url_get_hostname", SimpleType.STRING, URL, UrlFunctions::hostname)),
                RuleFunction.of("getPort", member("url_get_port", SimpleType.STRING, URL, UrlFunctions::port)),
                RuleFunction.of(
                        "getEscapedPath",
                        member("url_get_escaped_path", SimpleType.STRING, URL, url -> orEmpty(url.getRawPath()))),
                RuleFunction.of("getQuery", member("url_get_query", QUERY, URL, UrlFunctions::query)));
    }

    private static Object url(String text) {
        return parse(text)
                .orElseThrow(
                        () -> new CelInvalidArgumentException("URL parse error during conversion from string: parse \""
                                + text + "\": invalid URI for request"));
    }

    static Optional<URI> parse(String text) {
        try {
            URI uri = new URI(text);
            return uri.isAbsolute() || text.startsWith("/") ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** With its port, without the user. */
    private static String host(URI url) {
        String authority = orEmpty(url.getRawAuthority());
        return authority.substring(authority.indexOf('@') + 1);
    }

    private static String hostname(URI url) {
        String host = host(url);
        String port = port(url);
        String name = port.isEmpty() ? host : host.substring(0, host.length() - port.length() - 1);
        return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    }

    private static String port(URI url) {
        return url.getPort() < 0 ? "" : Integer.toString(url.getPort());
    }

    private static Map<String, List<String>> query(URI url) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : orEmpty(url.getRawQuery()).split("&", -1)) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                query.computeIfAbsent(decoded(parts[0]), _ -> new ArrayList<>())
                        .add(parts.length < 2 ? "" : decoded(parts[1]));
            }
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String orEmpty(String text) {
        return Optional.ofNullable(text).orElse("");
    }
}
