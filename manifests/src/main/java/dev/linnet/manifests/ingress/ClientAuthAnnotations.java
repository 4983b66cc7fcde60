package dev.linnet.manifests.ingress;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.policy.ClientAuth;
import dev.linnet.routing.policy.ClientAuth.Demand;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Whom hosts let in by certificate (spec of ingress-nginx, §4.4). What is wrong lets nobody in. */
final class ClientAuthAnnotations {
    private static final String SECRET = "auth-tls-secret";
    private static final String VERIFY = "auth-tls-verify-client";
    private static final String DEPTH = "auth-tls-verify-depth";
    private static final String ERROR_PAGE = "auth-tls-error-page";
    private static final String PASS_ON = "auth-tls-pass-certificate-to-upstream";
    private static final String SUBJECT = "auth-tls-match-cn";

    private final Annotations annotations;
    private boolean broken;

    private ClientAuthAnnotations(Annotations annotations) {
        this.annotations = annotations;
    }

    static Optional<ClientAuth> read(Annotations annotations) {
        boolean off = annotations.text(VERIFY).equals(Optional.of("off"));
        if (annotations.text(SECRET).isEmpty()) {
            if (annotations.text(VERIFY).isPresent() && !off) {
                annotations.bad(VERIFY, "has no effect, and anybody is let in (expected beside it: " + SECRET + ")");
            }
            return Optional.empty();
        }
        if (off) {
            return Optional.empty();
        }
        return Optional.of(new ClientAuthAnnotations(annotations).read());
    }

    private ClientAuth read() {
        Optional<SecretRef> secret = SecretAnnotation.read(annotations, SECRET, false);
        Demand demand = demand(annotations.text(VERIFY).orElse("on"));
        int depth = annotations.raw(DEPTH).isEmpty()
                ? 1
                : annotations
                        .wholeNumber(DEPTH, 0, 100, "a whole number, 0 or more")
                        .orElseGet(() -> broken(0));
        Optional<String> errorPage = annotations.text(ERROR_PAGE).flatMap(this::page);
        Optional<String> subject = annotations.text(SUBJECT).flatMap(this::pattern);
        boolean passOn = annotations.text(PASS_ON).equals(Optional.of("true"));
        return broken || secret.isEmpty()
                ? new ClientAuth.Broken()
                : new ClientAuth.Asked(
                        ClientAuth.Authorities.in(secret.get()), demand, depth, errorPage, passOn, subject);
    }

    private Demand demand(String text) {
        return switch (text) {
            case "on" -> Demand.ON;
            case "optional" -> Demand.OPTIONAL;
            case "optional_no_ca" -> Demand.OPTIONAL_NO_CA;
            default -> {
                annotations.bad(
                        VERIFY,
                        "is \"" + text
                                + "\" (expected: \"on\", \"off\", \"optional\" or \"optional_no_ca\"): its hosts let nobody in");
                yield broken(Demand.ON);
            }
        };
    }

    private Optional<String> page(String text) {
        try {
            URI uri = new URI(text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return Optional.of(uri.toASCIIString());
            }
        } catch (URISyntaxException _) {
            // Said below.
        }
        annotations.bad(ERROR_PAGE, "is \"" + text + "\" (expected: an http or https URL): its hosts let nobody in");
        return broken(Optional.empty());
    }

    private Optional<String> pattern(String text) {
        try {
            if (text.startsWith("CN=")) {
                Pattern.compile(text);
                return Optional.of(text);
            }
        } catch (PatternSyntaxException _) {
            // Said below.
        }
        annotations.bad(
                SUBJECT,
                "is \"" + text + "\" (expected: an RE2 expression that starts with CN=): its hosts let nobody in");
        return broken(Optional.empty());
    }

    private <T> T broken(T instead) {
        broken = true;
        return instead;
    }
}
