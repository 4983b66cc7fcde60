package dev.linnet.apiserver.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.store.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Keeps people from giving, to others or themselves, what they do not have: whoever writes a role must hold all of its rules or be allowed to
 * {@code escalate}, whoever writes a binding must hold all of its role or be allowed to {@code bind} it. See
 * <a href="https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping">Kubernetes' RBAC</a>.
 */
public final class Escalation {
    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final List<String> NO_GRANT = List.of("ownerReferences", "finalizers", "managedFields");
    private static final Rule EVERYTHING = new Rule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of());
    private static final Rule EVERYWHERE = new Rule(List.of("*"), List.of(), List.of(), List.of(), List.of("*"));

    private final Authorizer authorizer;

    public Escalation(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    /**
     * Looks at a write of any object.
     *
     * @param before what is there; an empty object when it is new
     * @throws ApiFailure 403 when the author would give what he does not have, 404 when a binding's role does not exist
     */
    public void refuse(Caller author, ObjectKey key, ObjectNode before, ObjectNode after) {
        boolean role = Authorizer.isRole(key);
        if (author.isMaster() || !(role || Authorizer.isBinding(key)) || onlyLetsGo(before, after)) {
            return;
        }
        if (role) {
            refuseRole(author, key, after);
        } else {
            refuseBinding(author, key, after);
        }
    }

    /** Whoever only takes part in the object's deletion gives nothing. */
    private static boolean onlyLetsGo(ObjectNode before, ObjectNode after) {
        return !before.isEmpty() && Json.same(withoutEnd(before), withoutEnd(after));
    }

    private static ObjectNode withoutEnd(ObjectNode object) {
        ObjectNode rest = object.deepCopy();
        Json.child(rest, "metadata").remove(NO_GRANT);
        return rest;
    }

    private void refuseRole(Caller author, ObjectKey key, ObjectNode role) {
        RoleName name = new RoleName(key.namespace(), key.name());
        if (may(author, "escalate", name, key.namespace())) {
            return;
        }
        requireHeld(author, key, Rule.of(role.path("rules")));
        boolean gathers = !role.at("/aggregationRule/clusterRoleSelectors").isEmpty();
        if (gathers && !missing(author, "", List.of(EVERYTHING, EVERYWHERE)).isEmpty()) {
            throw refused(key, "must have cluster-admin privileges to use the aggregationRule");
        }
    }

    private void refuseBinding(Caller author, ObjectKey key, ObjectNode binding) {
        RoleName role = Authorizer.roleOf(binding);
        if (!may(author, "bind", role, key.namespace())) {
            List<Rule> rules = authorizer
                    .rulesOf(role)
                    .orElseThrow(() -> ApiFailure.notFound(new ApiFailure.Subject(RBAC, role.resource(), role.name())));
            requireHeld(author, key, rules);
        }
    }

    private boolean may(Caller author, String verb, RoleName role, String namespace) {
        Act act = new Act.OnResource(verb, RBAC, role.resource(), "", namespace, role.name());
        return authorizer.decide(author, act).allowed();
    }

    private void requireHeld(Caller author, ObjectKey key, List<Rule> rules) {
        List<Rule> missing = missing(author, key.namespace(), rules);
        if (missing.isEmpty()) {
            return;
        }
        TreeSet<String> lines = new TreeSet<>();
        compact(missing).forEach(rule -> lines.add(rule.text()));
        String problems = authorizer.heldBy(author, key.namespace()).problems();
        throw refused(
                key,
                "user \"" + author.name() + "\" (groups=" + Rule.quoted(author.groups())
                        + ") is attempting to grant RBAC permissions not currently held:\n" + String.join("\n", lines)
                        + (problems.isEmpty() ? "" : "; resolution errors: [" + problems + "]"));
    }

    private List<Rule> missing(Caller author, String scope, List<Rule> rules) {
        List<Rule> held = authorizer.heldBy(author, scope).rules();
        List<Rule> missing = new ArrayList<>();
        for (Rule rule : rules) {
            rule.parts().stream()
                    .filter(part -> held.stream().noneMatch(owned -> owned.covers(part)))
                    .forEach(missing::add);
        }
        return missing;
    }

    /** Puts the verbs on one resource together again. */
    private static List<Rule> compact(List<Rule> parts) {
        Map<Rule, Rule> byThing = new LinkedHashMap<>();
        List<Rule> compact = new ArrayList<>();
        for (Rule part : parts) {
            if (part.isForUrls()) {
                compact.add(part);
            } else {
                Rule thing = new Rule(List.of(), part.groups(), part.resources(), part.names(), List.of());
                byThing.merge(thing, part, (one, other) -> one.withVerbs(other.verbs()));
            }
        }
        compact.addAll(byThing.values());
        return compact;
    }

    private static ApiFailure refused(ObjectKey key, String detail) {
        String plural = key.resource().substring(0, key.resource().indexOf('.'));
        return ApiFailure.forbidden(new ApiFailure.Subject(RBAC, plural, key.name()), detail);
    }
}
