package dev.linnet.console.web;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;

/**
 * Keeps other sites out. Another page in somebody's browser can send requests here: by a name of its own that points to this machine, or
 * across sites with this one's cookies. Browsers say which by Host, Origin and Sec-Fetch-Site.
 */
final class Guard {
    /** Nothing from elsewhere, nothing inline, nobody's frame. */
    static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final Pattern LOOPBACK = Pattern.compile("127\\.[0-9]+\\.[0-9]+\\.[0-9]+|localhost|\\[?::1]?");

    private final boolean loopback;

    /** @param loopback whether only this machine can reach the console, by names that only it has */
    Guard(boolean loopback) {
        this.loopback = loopback;
    }

    /** Why a request is not served; empty if it is. */
    Optional<String> refusal(Request request) {
        if (loopback && !LOOPBACK.matcher(Request.getServerName(request)).matches()) {
            return Optional.of("Host is " + Request.getServerName(request) + " (expected: localhost or 127.0.0.1)");
        }
        boolean get = HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
        if (!get && !HttpMethod.POST.is(request.getMethod())) {
            return Optional.of("method is " + request.getMethod() + " (expected: GET or POST)");
        }
        return get ? foreignLook(request) : foreignSending(request);
    }

    /** A link from elsewhere may be followed. Everything else that another site asks for is not for its eyes. */
    private static Optional<String> foreignLook(Request request) {
        String site = header(request, "Sec-Fetch-Site");
        boolean foreign = site.equals("cross-site") || site.equals("same-site");
        boolean followed = header(request, "Sec-Fetch-Mode").equals("navigate")
                && header(request, "Sec-Fetch-Dest").equals("document");
        return foreign && !followed ? Optional.of("it comes from another site") : Optional.empty();
    }

    private static Optional<String> foreignSending(Request request) {
        String site = header(request, "Sec-Fetch-Site");
        if (!site.isEmpty() && !site.equals("same-origin")) {
            return Optional.of("it comes from another site");
        }
        String origin = header(request, "Origin");
        String host = header(request, HttpHeader.HOST.asString());
        return isSame(origin, host) ? Optional.empty() : Optional.of("Origin is not this console");
    }

    private static boolean isSame(String origin, String host) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority != null && authority.equalsIgnoreCase(host);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static String header(Request request, String name) {
        HttpFields headers = request.getHeaders();
        HttpField field = headers.getField(name);
        return field == null || field.getValue() == null ? "" : field.getValue();
    }
}
