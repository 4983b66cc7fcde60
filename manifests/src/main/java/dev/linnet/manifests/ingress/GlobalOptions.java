package dev.linnet.manifests.ingress;

import dev.linnet.routing.Rule.Limits;
import dev.linnet.routing.policy.Bodies;
import dev.linnet.routing.policy.GlobalPolicy;
import dev.linnet.routing.policy.Pace;
import dev.linnet.routing.policy.Retries;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the controller's ConfigMap says (spec of ingress-nginx, Appendix C): what each Ingress gets that says nothing else, and what
 * holds for the whole gateway.
 *
 * @param limits                 {@code proxy-connect-timeout} and its like, {@code proxy-next-upstream-tries}
 * @param pace                   {@code limit-rate}, {@code limit-rate-after}
 * @param allowedResponseHeaders {@code global-allowed-response-headers}: which {@code custom-headers} may be set; lower case
 * @param gateway                what is no default of an annotation
 */
public record GlobalOptions(
        Limits limits,
        Retries retries,
        Bodies bodies,
        Errors errors,
        Redirects redirects,
        Access access,
        Balancing balancing,
        AnswerEdits answers,
        Pace pace,
        Set<String> allowedResponseHeaders,
        GlobalPolicy gateway) {

    public static final GlobalOptions DEFAULT = new GlobalOptions(
            Limits.DEFAULT,
            Retries.DEFAULT,
            Bodies.DEFAULT,
            Errors.DEFAULT,
            Redirects.DEFAULT,
            Access.DEFAULT,
            Balancing.DEFAULT,
            AnswerEdits.NONE,
            Pace.ANY,
            Set.of(),
            GlobalPolicy.DEFAULT);

    public GlobalOptions {
        allowedResponseHeaders = Set.copyOf(allowedResponseHeaders);
    }

    /** Whether no Ingress has to be read anew: at most the gateway as a whole is told something else. */
    public boolean saysTheSameOfIngresses(GlobalOptions other) {
        GlobalOptions alike = new GlobalOptions(
                other.limits,
                other.retries,
                other.bodies,
                other.errors,
                other.redirects,
                other.access,
                other.balancing,
                other.answers,
                other.pace,
                other.allowedResponseHeaders,
                gateway);
        return equals(alike) && hasCollector() == other.hasCollector();
    }

    private boolean hasCollector() {
        return gateway.tracing().collector().isPresent();
    }

    /**
     * @param codes        {@code custom-http-errors}
     * @param leaveAnswers {@code disable-proxy-intercept-errors}: only the gateway's own errors count
     */
    public record Errors(Set<Integer> codes, boolean leaveAnswers) {
        public static final Errors DEFAULT = new Errors(Set.of(), false);

        public Errors {
            codes = Set.copyOf(codes);
        }
    }

    /**
     * @param ssl      {@code ssl-redirect}
     * @param forceSsl {@code force-ssl-redirect}
     * @param code     {@code http-redirect-code}
     * @param notUnder {@code no-tls-redirect-locations}: paths that begin so are served without TLS
     * @param keepSlash {@code preserve-trailing-slash}
     * @param withPort {@code use-port-in-redirects}
     * @param relative {@code relative-redirects}
     */
    public record Redirects(
            boolean ssl,
            boolean forceSsl,
            int code,
            List<String> notUnder,
            boolean keepSlash,
            boolean withPort,
            boolean relative) {
        public static final Redirects DEFAULT =
                new Redirects(true, false, 308, List.of("/.well-known/acme-challenge"), false, false, false);

        public Redirects {
            notUnder = List.copyOf(notUnder);
        }
    }

    /**
     * @param allowed       {@code whitelist-source-range}, as written
     * @param denied        {@code denylist-source-range}, as written
     * @param limitStatus   {@code limit-req-status-code}
     * @param connectionsStatus {@code limit-conn-status-code}
     * @param openBelow     {@code no-auth-locations}
     * @param leave         {@code global-auth-url} and its like, without their {@code global-}, as written
     */
    public record Access(
            List<String> allowed,
            List<String> denied,
            int limitStatus,
            int connectionsStatus,
            List<String> openBelow,
            Map<String, String> leave) {
        public static final Access DEFAULT =
                new Access(List.of(), List.of(), 503, 503, List.of("/.well-known/acme-challenge"), Map.of());

        public Access {
            allowed = List.copyOf(allowed);
            denied = List.copyOf(denied);
            openBelow = List.copyOf(openBelow);
            leave = Map.copyOf(leave);
        }
    }

    /**
     * @param algorithm {@code load-balance}, as written; empty for the usual one
     * @param toService {@code service-upstream}
     */
    public record Balancing(String algorithm, boolean toService) {
        public static final Balancing DEFAULT = new Balancing("", false);
    }

    /** {@code proxy-cookie-domain}, {@code proxy-cookie-path}, {@code proxy-redirect-from}, {@code proxy-redirect-to}, as written. */
    public record AnswerEdits(String cookieDomain, String cookiePath, String redirectFrom, String redirectTo) {
        public static final AnswerEdits NONE = new AnswerEdits("off", "off", "off", "off");
    }
}
