package dev.linnet.manifests.ingress;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.linnet.manifests.ingress.HostMerge.Owned;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.policy.BackendTarget;
import dev.linnet.routing.policy.ClientAuth;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Redirects;
import dev.linnet.routing.policy.Rewrite;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The rules of one host, made of the routes that its Ingresses have. What an Ingress says about its own paths may change how those of
 * its neighbours are read: one regular expression makes all paths of the host expressions (spec of ingress-nginx, §5.2.2).
 */
final class HostRules {
    /** Exact before prefix, long before short (spec, §5.2.1). */
    private static final Comparator<Rule> PRECEDENCE = Comparator.<Rule>comparingInt(
                    rule -> rule.path() instanceof PathMatch.Exact ? 0 : 1)
            .thenComparing(rule -> rule.path().path().length(), Comparator.reverseOrder())
            .thenComparing(rule -> rule.path().path());

    /** Long before short, then backwards through the alphabet; of equals the older. */
    private static final Comparator<Owned> REGEX_PRECEDENCE = Comparator.comparingInt(HostRules::length)
            .thenComparing(HostRules::path)
            .reversed();

    private final Collection<Owned> owners;
    private final boolean tls;
    private final Optional<ClientAuth> clients;
    private final Consumer<Problem> problems;
    private final Set<String> exactPaths;
    private Policy last = Policy.NONE;

    /**
     * Rules to be made.
     *
     * @param owners   oldest first
     * @param tls      whether the host is served over TLS too
     * @param clients  whom the host lets in
     * @param problems hears of paths that no rule can be made of
     */
    HostRules(Collection<Owned> owners, boolean tls, Optional<ClientAuth> clients, Consumer<Problem> problems) {
        this.owners = owners;
        this.tls = tls;
        this.clients = clients;
        this.problems = problems;
        this.exactPaths = owners.stream()
                .filter(owner -> owner.route().path() instanceof PathMatch.Exact)
                .map(HostRules::path)
                .collect(Collectors.toSet());
    }

    List<Rule> rules() {
        if (owners.stream().noneMatch(HostRules::isRegex)) {
            return owners.stream()
                    .map(owner -> rule(owner, owner.route().path()))
                    .sorted(PRECEDENCE)
                    .toList();
        }
        return owners.stream()
                .sorted(REGEX_PRECEDENCE)
                .flatMap(owner -> regex(owner).map(path -> rule(owner, path)).stream())
                .toList();
    }

    private static String path(Owned owner) {
        return owner.route().path().path();
    }

    private static int length(Owned owner) {
        return path(owner).getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean isRegex(Owned owner) {
        return owner.role().paths().isRegex(path(owner));
    }

    /** Empty if its author wanted an expression and wrote none. Who never wanted one is taken literally. */
    private Optional<PathMatch> regex(Owned owner) {
        String path = path(owner);
        try {
            return Optional.of(PathMatch.Regex.of(path, besideExact(owner) ? path + "/" : path));
        } catch (PatternSyntaxException e) {
            if (!isRegex(owner)) {
                return Optional.of(PathMatch.Regex.of(path, Pattern.quote(path)));
            }
            problems.accept(new Problem(
                    owner.object(),
                    Reason.BAD_SPEC,
                    owner.route().where() + ".path",
                    "is \"" + path + "\" and is not served: " + why(path, e) + " (expected: an RE2 expression)"));
            return Optional.empty();
        }
    }

    /** nginx makes two expressions of a prefix, {@code ^/foo/} and {@code ^/foo}, unless an exact path is the second already. */
    private boolean besideExact(Owned owner) {
        return !isRegex(owner)
                && owner.route().path() instanceof PathMatch.Prefix(String path)
                && !path.endsWith("/")
                && exactPaths.contains(path);
    }

    /** What people bring along from PCRE, by its name. */
    private static String why(String path, PatternSyntaxException e) {
        if (path.contains("(?=") || path.contains("(?!")) {
            return "there are no lookaheads";
        }
        if (path.contains("(?<=") || path.contains("(?<!")) {
            return "there are no lookbehinds";
        }
        if (path.matches(".*\\\\[1-9].*")) {
            return "there are no back-references";
        }
        return e.getDescription();
    }

    private Rule rule(Owned owner, PathMatch path) {
        return new Rule(
                owner.route().host(),
                path,
                owner.route().backend(),
                owner.canaries(),
                owner.object(),
                owner.role().limits(),
                policy(owner));
    }

    private Policy policy(Owned owner) {
        Policy own = owner.role().policy();
        Policy policy = clients.map(own::withClients).orElse(own);
        return shared(
                policy.withRedirects(redirects(policy.redirects(), owner)).withTarget(target(policy.target(), owner)));
    }

    /** Most paths of a host want the same: they are kept, and looked at for each request, as one. */
    private Policy shared(Policy policy) {
        last = policy.equals(last) ? last : policy;
        return last;
    }

    private Redirects redirects(Redirects wanted, Owned owner) {
        boolean isNever = owner.role().paths().neverToHttps().stream().anyMatch(path(owner)::startsWith);
        return wanted.withToHttps(wanted.toHttps().filter(how -> !isNever && (how.always() || tls)));
    }

    private static BackendTarget target(BackendTarget wanted, Owned owner) {
        PathWishes wishes = owner.role().paths();
        return wishes.rewrite(path(owner))
                .map(rewrite -> new Rewrite(
                        Pattern.compile(path(owner), Pattern.CASE_INSENSITIVE),
                        rewrite.pieces(),
                        wishes.forwardedPrefix()))
                .map(wanted::withPath)
                .orElse(wanted);
    }
}
