package dev.linnet.routing;

import com.google.re2j.Pattern;
import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.HeadEdits;
import dev.linnet.routing.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One route: which requests, and where they go. Translators make these, {@link RouteTable} serves by them.
 *
 * @param host     lower-case host name; {@code *.example.com} for exactly one label in front, {@code **.example.com} for any number of
 *                 them; empty for any host
 * @param path     which paths
 * @param primary  where requests go unless a canary takes them
 * @param canaries the other versions, oldest object first
 * @param source   the object that says so
 * @param limits   deadlines and retries
 * @param policy   what else is done with its requests
 */
public record Rule(
        String host,
        PathMatch path,
        ServiceRef primary,
        List<CanarySide> canaries,
        ObjectRef source,
        Limits limits,
        Policy policy) {

    public Rule {
        canaries = List.copyOf(canaries);
    }

    /** A rule that asks for nothing special. */
    public Rule(
            String host,
            PathMatch path,
            ServiceRef primary,
            List<CanarySide> canaries,
            ObjectRef source,
            Limits limits) {
        this(host, path, primary, canaries, source, limits, Policy.NONE);
    }

    public Rule withPolicy(Policy other) {
        return new Rule(host, path, primary, canaries, source, limits, other);
    }

    public Rule withHost(String other) {
        return new Rule(other, path, primary, canaries, source, limits, policy);
    }

    /** Whether its versions stand each for itself: one without endpoints answers 503 for its share. */
    public boolean isOrdered() {
        return path instanceof PathMatch.Ordered;
    }

    /** Whether the canaries' shares leave anything to the primary. */
    public boolean leavesPrimaryAShare() {
        double others = canaries.stream()
                .map(canary -> canary.selector().share())
                .mapToDouble(share -> (double) share.weight() / share.total())
                .sum();
        return others < 1 - 1e-9;
    }

    /** Paths are compared decoded and normalised, all but regular expressions case-sensitively (spec of ingress-nginx, §5.2). */
    public sealed interface PathMatch {
        /** As the author spelled it. */
        String path();

        /** {@code Exact}, {@code Prefix} or {@code Regex}. */
        default String type() {
            return switch (this) {
                case Exact _ -> "Exact";
                case Prefix _ -> "Prefix";
                case Regex _ -> "Regex";
                case Ordered _ -> "Rule";
            };
        }

        /**
         * By conditions of all kinds, in the order of the rules: the first of its host whose conditions hold is taken, before any rule
         * that goes by its path (Istio's VirtualService). Its versions do not stand in for one another.
         *
         * @param path for people: what begins with {@code /}, or a pattern
         */
        record Ordered(String path, RequestMatch match) implements PathMatch {}

        record Exact(String path) implements PathMatch {}

        /** By path elements: {@code /foo} takes {@code /foo} and {@code /foo/bar}, not {@code /foobar}. */
        record Prefix(String path) implements PathMatch {}

        /**
         * By a regular expression, without regard to case; asked after all others of its host, in the order of the rules.
         *
         * @param pattern begins with {@link #START} and is searched; an alternative in it may therefore be found anywhere, as in nginx
         */
        record Regex(String path, Pattern pattern) implements PathMatch {
            static final String START = "^";

            public Regex {
                if (!pattern.pattern().startsWith(START)) {
                    throw new IllegalArgumentException("pattern is " + pattern + " (expected: one that starts with ^)");
                }
            }

            /**
             * The path is the expression.
             *
             * @throws com.google.re2j.PatternSyntaxException if it is none
             */
            public static Regex of(String path) {
                return of(path, path);
            }

            /**
             * Another expression than the path.
             *
             * @throws com.google.re2j.PatternSyntaxException if it is none
             */
            public static Regex of(String path, String expression) {
                return new Regex(path, Pattern.compile(START + expression, Pattern.CASE_INSENSITIVE));
            }
        }
    }

    /**
     * Another version behind the same route.
     *
     * @param selector  which requests it takes
     * @param source    the canary Ingress
     * @param balancing which of its endpoints get them
     * @param sticky    where the route has an affinity: whether it holds for this version too
     * @param release   with what it is released together
     * @param edits     what is changed in heads where it serves, beside what the route changes
     */
    public record CanarySide(
            ServiceRef backend,
            CanarySelector selector,
            ObjectRef source,
            Balancing balancing,
            boolean sticky,
            Optional<JointRelease> release,
            HeadEdits edits) {

        /** A version whose heads are changed no more than those of others. */
        public CanarySide(
                ServiceRef backend,
                CanarySelector selector,
                ObjectRef source,
                Balancing balancing,
                boolean sticky,
                Optional<JointRelease> release) {
            this(backend, selector, source, balancing, sticky, release, HeadEdits.NONE);
        }

        /** A version that asks for nothing special. */
        public CanarySide(ServiceRef backend, CanarySelector selector, ObjectRef source) {
            this(backend, selector, source, Balancing.UNSAID, true, Optional.empty());
        }

        /** What decides, beside their key, which users it gets first: the same ones at all members of a joint release. */
        String crowd() {
            return release.map(JointRelease::toString).orElseGet(() -> source.namespace() + "/" + source.name());
        }
    }

    /**
     * Deadlines and retries of one exchange (spec of ingress-nginx, §3.4, §3.6).
     *
     * @param connect time to connect to an endpoint
     * @param send    longest pause between two writes to it
     * @param read    longest pause between two reads from it
     * @param tries   attempts in all, at least 1
     */
    public record Limits(Duration connect, Duration send, Duration read, int tries) {
        public static final Limits DEFAULT =
                new Limits(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60), 3);

        /** Of requests inside the cluster: long answers are the Service's business, only connecting is hurried. */
        public static final Limits INSIDE = new Limits(Duration.ofSeconds(10), Duration.ZERO, Duration.ZERO, 3);
    }
}
