package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.KeyExpression;
import dev.linnet.routing.policy.KeyExpression.Part;
import dev.linnet.routing.policy.Scheduler;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which endpoint gets a request (spec of ingress-nginx, §3.1): an expression to hash, else our {@code load-balance}, else ingress-nginx's,
 * else the ConfigMap's. A canary says it for its own endpoints. A wrong value leaves it to the others.
 */
final class BalanceAnnotations {
    static final String OWN_LOAD_BALANCE = "load-balance";
    private static final String LOAD_BALANCE = "load-balance";
    private static final String HASH_BY = "upstream-hash-by";
    private static final String SUBSET = "upstream-hash-by-subset";
    private static final String SUBSET_SIZE = "upstream-hash-by-subset-size";
    private static final String SERVICE_UPSTREAM = "service-upstream";

    private static final int USUAL_SUBSET = 3;
    private static final Pattern EXPRESSION = Pattern.compile("[A-Za-z0-9_${}\\\\-]+");
    private static final Pattern NAMED = Pattern.compile("(arg|cookie|http)_.+");
    private static final Set<String> VARIABLES = Set.of(
            "request_uri",
            "uri",
            "document_uri",
            "host",
            "http_host",
            "args",
            "query_string",
            "request_method",
            "remote_addr",
            "binary_remote_addr",
            "server_port",
            "scheme",
            "server_name",
            "request_id");

    private final Annotations annotations;

    private BalanceAnnotations(Annotations annotations) {
        this.annotations = annotations;
    }

    static Balancing read(Annotations annotations) {
        return new BalanceAnnotations(annotations).balancing();
    }

    /** Whether requests go to the Service's own address. */
    static boolean toService(Annotations annotations) {
        return annotations.flag(
                SERVICE_UPSTREAM, annotations.options().balancing().toService());
    }

    private Balancing balancing() {
        Optional<Balancing> hashed = hashed();
        Optional<Scheduler> own = own();
        if (hashed.isPresent() && own.isPresent()) {
            annotations.ownBad(OWN_LOAD_BALANCE, "has no effect beside " + HASH_BY + " (expected: one of them)");
        }
        return hashed.or(() -> own.map(Balancing.By::new))
                .or(() -> annotations.text(LOAD_BALANCE).flatMap(this::named))
                .or(this::ofConfigMap)
                .orElse(Balancing.UNSAID);
    }

    private Optional<Scheduler> own() {
        Optional<String> name = annotations.ownText(OWN_LOAD_BALANCE);
        Optional<Scheduler> scheduler = name.flatMap(Scheduler::named);
        if (name.isPresent() && scheduler.isEmpty()) {
            annotations.ownBad(OWN_LOAD_BALANCE, "is \"" + name.get() + "\" (expected: " + schedulers() + ")");
        }
        return scheduler;
    }

    static String schedulers() {
        List<String> names =
                List.of(Scheduler.values()).stream().map(Scheduler::spelled).toList();
        return "one of " + String.join(", ", names);
    }

    private Optional<Balancing> named(String name) {
        return switch (name) {
            case "round_robin" -> Optional.of(new Balancing.By(Scheduler.RR));
            case "ewma" -> Optional.of(new Balancing.By(Scheduler.EWMA));
            case "chash", "chashsubset" ->
                without(name, HASH_BY, annotations.text(HASH_BY).isPresent());
            case "sticky_balanced", "sticky_persistent" ->
                without(
                        name,
                        AffinityAnnotations.AFFINITY + ": cookie",
                        AffinityAnnotations.asksForCookie(annotations));
            case "least_conn" -> gone(name, Scheduler.LC);
            case "ip_hash" -> gone(name, Scheduler.SH);
            default ->
                turns("is \"" + name + "\" (expected: \"round_robin\" or \"ewma\", or " + Annotations.OWN_PREFIX
                        + OWN_LOAD_BALANCE + " with " + schedulers() + ")");
        };
    }

    private Optional<Balancing> without(String name, String companion, boolean hasIt) {
        return hasIt ? Optional.empty() : turns("is \"" + name + "\" (expected beside it: " + companion + ")");
    }

    private Optional<Balancing> gone(String name, Scheduler ours) {
        return turns("is \"" + name + "\", which ingress-nginx has no longer (expected: " + Annotations.OWN_PREFIX
                + OWN_LOAD_BALANCE + ": " + ours.spelled() + ")");
    }

    private Optional<Balancing> turns(String message) {
        annotations.bad(LOAD_BALANCE, message + "; endpoints take turns");
        return Optional.of(new Balancing.By(Scheduler.RR));
    }

    /** The reader of the ConfigMap tells its author what is wrong with it. */
    private Optional<Balancing> ofConfigMap() {
        return switch (annotations.options().balancing().algorithm()) {
            case "ewma" -> Optional.of(new Balancing.By(Scheduler.EWMA));
            default -> Optional.empty();
        };
    }

    private Optional<Balancing> hashed() {
        boolean subset = annotations.flag(SUBSET, false);
        int size = annotations
                .wholeNumber(SUBSET_SIZE, 0, Integer.MAX_VALUE, "a whole number, 1 or more")
                .orElse(0);
        Optional<KeyExpression> key = annotations.text(HASH_BY).flatMap(this::expression);
        return key.map(expression -> subset
                ? new Balancing.HashedToSubset(expression, size == 0 ? USUAL_SUBSET : size)
                : new Balancing.Hashed(expression));
    }

    private Optional<KeyExpression> expression(String text) {
        if (!EXPRESSION.matcher(text).matches()) {
            annotations.bad(
                    HASH_BY,
                    "is \"" + text + "\" (expected: variables such as $request_uri, letters, digits, - and _)");
            return Optional.empty();
        }
        KeyExpression key = KeyExpression.of(text);
        for (Part part : key.parts()) {
            if (part instanceof Part.Variable(String name) && !isKnown(name)) {
                annotations.bad(
                        HASH_BY,
                        "names $" + name + ", which adds nothing here (expected: $arg_, $cookie_ or $http_ and a name, "
                                + "or one of "
                                + String.join(
                                        ", ",
                                        VARIABLES.stream()
                                                .sorted()
                                                .map(known -> "$" + known)
                                                .toList())
                                + ")");
            }
        }
        return Optional.of(key);
    }

    private static boolean isKnown(String name) {
        return VARIABLES.contains(name) || NAMED.matcher(name).matches();
    }
}
