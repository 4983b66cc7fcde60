package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Redirects;
import dev.linnet.routing.policy.Redirects.Elsewhere;
import dev.linnet.routing.policy.Redirects.ToHttps;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who is sent elsewhere (spec of ingress-nginx, §3.10). A redirect to a URL that is none is left out. Whether a host has TLS, which
 * decides about {@code ssl-redirect}, is for {@link HostRules} to find out.
 */
final class RedirectAnnotations {
    private static final String TEMPORAL = "temporal-redirect";
    private static final String PERMANENT = "permanent-redirect";
    private static final String CODE = "-code";

    /** What may stand in a URL (RFC 3986 §2), but no {@code $}: nginx would take it for a variable. */
    private static final String IN_URL = "[A-Za-z0-9._~:/?#\\[\\]@!&'()*+,;=%-]";

    private static final Pattern URL = Pattern.compile("(https?://" + IN_URL + "+|/" + IN_URL + "*)");

    /** An absolute path on the same host. */
    static final Pattern PATH = Pattern.compile("/(?!/)" + IN_URL + "*");

    private final Annotations annotations;
    private final GlobalOptions.Redirects usual;

    private RedirectAnnotations(Annotations annotations) {
        this.annotations = annotations;
        this.usual = annotations.options().redirects();
    }

    static Redirects read(Annotations annotations) {
        return new RedirectAnnotations(annotations).redirects();
    }

    private Redirects redirects() {
        Optional<Elsewhere> temporal = elsewhere(TEMPORAL, 302, 307);
        Optional<Elsewhere> permanent = elsewhere(PERMANENT, 301, 308);
        if (temporal.isPresent() && permanent.isPresent()) {
            annotations.bad(PERMANENT, "has no effect beside " + TEMPORAL + " (expected: one of them)");
        }
        return new Redirects(
                temporal.or(() -> permanent),
                toHttps(),
                annotations.flag("relative-redirects", usual.relative()),
                annotations.flag("use-port-in-redirects", usual.withPort()));
    }

    private Optional<ToHttps> toHttps() {
        boolean always = annotations.flag("force-ssl-redirect", usual.forceSsl());
        boolean whereTls = annotations.flag("ssl-redirect", usual.ssl());
        boolean keepsSlash = annotations.flag("preserve-trailing-slash", usual.keepSlash());
        return always || whereTls ? Optional.of(new ToHttps(always, usual.code(), keepsSlash)) : Optional.empty();
    }

    private Optional<Elsewhere> elsewhere(String name, int usualCode, int greatest) {
        Optional<String> url = annotations.text(name);
        if (url.isEmpty()) {
            if (annotations.has(name + CODE)) {
                annotations.bad(name + CODE, "has no effect (expected beside it: " + name + ")");
            }
            return Optional.empty();
        }
        if (!URL.matcher(url.get()).matches()) {
            annotations.bad(
                    name,
                    "is \"" + url.get() + "\" and redirects nobody (expected: http://, https:// or a path, without"
                            + " variables)");
            return Optional.empty();
        }
        int code = annotations
                .wholeNumber(name + CODE, 300, greatest, "a status from 300 to " + greatest)
                .orElse(usualCode);
        return Optional.of(new Elsewhere.ToUrl(code, url.get()));
    }
}
