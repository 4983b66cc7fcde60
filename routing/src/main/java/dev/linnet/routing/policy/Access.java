package dev.linnet.routing.policy;

import dev.linnet.routing.SecretRef;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.CallerOptions.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may use a route (spec of ingress-nginx, §4.4). What cannot be understood closes it: nobody may then.
 *
 * @param sources  from where
 * @param password whether with a password
 * @param leave    whether with leave that somebody else gives
 * @param any      one of the three is enough
 * @param closed   why nobody may, if so
 * @param openBelow paths that ask for neither password nor leave if their route begins so ({@code no-auth-locations})
 */
public record Access(
        Sources sources,
        Optional<Password> password,
        Optional<Leave> leave,
        boolean any,
        Optional<String> closed,
        List<String> openBelow) {

    /** Anybody may. */
    public static final Access OPEN =
            new Access(Sources.ANY, Optional.empty(), Optional.empty(), false, Optional.empty(), List.of());

    public Access {
        openBelow = List.copyOf(openBelow);
    }

    /**
     * Addresses of clients.
     *
     * @param allowed only these; empty for all
     * @param denied  these not, even if they are allowed
     */
    public record Sources(AddressRanges allowed, AddressRanges denied) {
        public static final Sources ANY = new Sources(AddressRanges.NONE, AddressRanges.NONE);

        public boolean isAny() {
            return allowed.isEmpty() && denied.isEmpty();
        }

        /** @param address of a client: 4 or 16 bytes; none is in no list */
        public boolean admit(byte[] address) {
            return !denied.contains(address) && (allowed.isEmpty() || allowed.contains(address));
        }
    }

    /**
     * A name and a password (RFC 7617), to be found in a Secret.
     *
     * @param perUser the Secret has one key for each user, rather than one file of them
     * @param realm   what the user is told that the password is for
     */
    public record Password(SecretRef secret, boolean perUser, String realm) {
        /** The key with the file of users: as {@code htpasswd} writes it. */
        public static final String FILE = "auth";
    }

    /**
     * Somebody else is asked about each request: 2xx lets it pass, 401 and 403 are passed on, anything else is no leave.
     *
     * @param url             who is asked
     * @param method          with which method
     * @param signIn          where a browser is sent to that gets 401
     * @param signInParameter in which parameter of that it is told where to come back to
     * @param passedOn        headers of the answer that the backend gets instead of the client's; in lower case
     * @param redirect        the value of {@code X-Auth-Request-Redirect}, instead of path and query
     * @param tellsUri        the request has {@code X-Original-URI} and {@code X-Scheme}
     * @param lines           what else it has
     * @param alwaysCookies   its cookies are added to errors, too
     * @param cache           how long its answers count
     */
    public record Leave(
            Url url,
            String method,
            Optional<Template> signIn,
            String signInParameter,
            List<String> passedOn,
            Optional<Template> redirect,
            boolean tellsUri,
            List<Line> lines,
            boolean alwaysCookies,
            Optional<Cache> cache) {

        public Leave {
            passedOn = List.copyOf(passedOn);
            lines = List.copyOf(lines);
        }
    }

    /**
     * An address that may depend on the request.
     *
     * @param host without port
     * @param path with the query; begins with a slash
     */
    public record Url(boolean tls, Template host, int port, Template path) {
        private static final Pattern SERVICE =
                Pattern.compile("([a-z0-9-]+)\\.([a-z0-9-]+)\\.svc(\\.cluster\\.local\\.?)?");

        /** The Service port of the cluster that this names, if it does. */
        public Optional<ServiceRef> service() {
            Matcher name = SERVICE.matcher(host.text().toLowerCase(Locale.ROOT));
            return name.matches()
                    ? Optional.of(new ServiceRef(name.group(2), name.group(1), String.valueOf(port)))
                    : Optional.empty();
        }

        @Override
        public String toString() {
            boolean usual = port == (tls ? 443 : 80);
            return (tls ? "https://" : "http://") + host + (usual ? "" : ":" + port) + path;
        }
    }

    /**
     * How long an answer counts for requests that are the same in some respect.
     *
     * @param key      in which; always also host and route
     * @param duration for each status that may be kept
     */
    public record Cache(Template key, Map<Integer, Duration> duration) {
        public Cache {
            duration = Collections.unmodifiableMap(
                    new TreeMap<>(duration)); // in order, so that its text is always the same
        }
    }

    public Access closedBecause(String why) {
        return new Access(sources, password, leave, any, Optional.of(why), openBelow);
    }

    /** The same for a route: paths that are open need neither password nor leave. */
    public Access at(String path) {
        boolean open = openBelow.stream().anyMatch(path::startsWith);
        return open && (password.isPresent() || leave.isPresent())
                ? new Access(sources, Optional.empty(), Optional.empty(), false, closed, openBelow)
                : this;
    }

    /** Whether a client's address alone can keep it out: where one of several is enough, another may still let it in. */
    public boolean isDecidedBySources() {
        boolean others = password.isPresent() || leave.isPresent();
        return !sources.isAny() && !(any && others);
    }

    public boolean isOpen() {
        return sources.isAny() && password.isEmpty() && leave.isEmpty() && closed.isEmpty();
    }

    /** The Secrets whose content is needed. */
    public Set<SecretRef> secrets() {
        return password.map(wanted -> Set.of(wanted.secret())).orElseGet(Set::of);
    }

    /** What is demanded, for people. No secret is in it. */
    public List<String> demands() {
        if (closed.isPresent()) {
            return List.of("is closed: " + closed.get());
        }
        List<String> demands = new ArrayList<>();
        if (!sources.denied().isEmpty()) {
            demands.add("not from " + sources.denied());
        }
        if (!sources.allowed().isEmpty()) {
            demands.add("only from " + sources.allowed());
        }
        password.ifPresent(wanted -> demands.add("only with a password of Secret " + wanted.secret()));
        leave.ifPresent(wanted -> demands.add("asks " + wanted.url() + " for leave"));
        return any && demands.size() > 1 ? List.of("one of: " + String.join("; ", demands)) : demands;
    }
}
