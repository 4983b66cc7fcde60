package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.KeyRing.Found;
import dev.linnet.gateway.tls.ClientTls;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.Rule;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.policy.TrafficPolicy;
import dev.linnet.routing.policy.Upstream.Trust;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which endpoints are believed, for each way that a route asks for. Used by one thread. */
final class TrustIndex {
    private static final String ANNOTATION = "metadata.annotations[nginx.ingress.kubernetes.io/proxy-ssl-secret]";

    private final KeyRing keys;
    private final Faults faults;
    private final Map<Trust, Map<User, Integer>> users = new HashMap<>();
    private final Map<Trust, Found<ClientTls>> found = new HashMap<>();
    private final Set<Trust> dirty = new LinkedHashSet<>();
    private final Set<ObjectRef> touched = new LinkedHashSet<>();

    /** @param where the field that names the Secret */
    private record User(ObjectRef object, String where) {}

    TrustIndex(KeyRing keys, Faults faults) {
        this.keys = keys;
        this.faults = faults;
    }

    void rulesChanged(Collection<Rule> before, Collection<Rule> after) {
        before.forEach(rule -> use(rule, -1));
        after.forEach(rule -> use(rule, 1));
    }

    private void use(Rule rule, int more) {
        rule.policy().upstream().trust().ifPresent(trust -> use(trust, new User(rule.source(), ANNOTATION), more));
    }

    void policyChanged(Optional<TrafficPolicy> before, Optional<TrafficPolicy> after) {
        before.ifPresent(policy -> use(policy, -1));
        after.ifPresent(policy -> use(policy, 1));
    }

    private void use(TrafficPolicy policy, int more) {
        policy.security()
                .ifPresent(security -> security.upstream()
                        .trust()
                        .ifPresent(trust -> use(trust, new User(security.source(), security.where()), more)));
    }

    private void use(Trust trust, User user, int more) {
        Map<User, Integer> ofTrust = users.computeIfAbsent(trust, _ -> new HashMap<>());
        if (ofTrust.merge(user, more, Integer::sum) == 0) {
            ofTrust.remove(user);
        }
        dirty.add(trust);
    }

    void secretChanged(SecretRef secret) {
        users.keySet().stream()
                .filter(trust -> trust.secret().equals(Optional.of(secret)))
                .forEach(trust -> {
                    found.remove(trust);
                    dirty.add(trust);
                });
    }

    /** All that can be had; empty if nothing is different. */
    Optional<Map<Trust, ClientTls>> resolve() {
        if (dirty.isEmpty()) {
            return Optional.empty();
        }
        faults.eachOnce(dirty, "trust", this::resolve);
        Map<Trust, ClientTls> now = new HashMap<>();
        found.forEach((trust, result) -> result.value().ifPresent(value -> now.put(trust, value)));
        return Optional.of(now);
    }

    private void resolve(Trust trust) {
        Set<User> of = users.getOrDefault(trust, Map.of()).keySet();
        of.forEach(user -> touched.add(user.object));
        if (of.isEmpty()) {
            users.remove(trust);
            found.remove(trust);
        } else {
            found.computeIfAbsent(trust, keys::trust);
        }
    }

    Set<ObjectRef> takeTouched() {
        Set<ObjectRef> taken = new LinkedHashSet<>(touched);
        touched.clear();
        return taken;
    }

    List<Problem> problems(ObjectRef object) {
        return found.entrySet().stream()
                .filter(entry -> !entry.getValue().objection().isEmpty())
                .flatMap(entry -> users.getOrDefault(entry.getKey(), Map.of()).keySet().stream()
                        .filter(user -> user.object.equals(object))
                        .map(user -> problem(user, entry)))
                .toList();
    }

    private static Problem problem(User user, Map.Entry<Trust, Found<ClientTls>> entry) {
        return new Problem(
                user.object,
                Reason.BAD_SECRET,
                user.where,
                "names Secret "
                        + entry.getKey().secret().map(SecretRef::toString).orElse("") + ", which "
                        + entry.getValue().objection() + ": requests are answered 503");
    }
}
