package dev.linnet.apiserver.access;

import dev.linnet.apiserver.access.Grant.Holder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who has which role where, at one moment. Immutable; a question costs as much as the one who is asked about has roles. */
final class AccessTable {
    private final Map<RoleName, List<Rule>> roles;
    private final Map<Place, List<Grant>> grants = new HashMap<>();

    private record Place(String scope, Holder holder) {}

    AccessTable(Map<RoleName, List<Rule>> roles, Collection<Grant> grants) {
        this.roles = Map.copyOf(roles);
        for (Grant grant : grants) {
            this.grants
                    .computeIfAbsent(new Place(grant.scope(), grant.holder()), _ -> new ArrayList<>())
                    .add(grant);
        }
    }

    Optional<List<Rule>> rulesOf(RoleName role) {
        return Optional.ofNullable(roles.get(role));
    }

    Verdict decide(Caller caller, Act act) {
        List<Grant> dangling = new ArrayList<>();
        for (Grant grant : grantsOf(caller, act.scope())) {
            List<Rule> rules = roles.get(grant.role());
            if (rules == null) {
                dangling.add(grant);
            } else if (rules.stream().anyMatch(rule -> rule.allows(act))) {
                return new Verdict(true, "RBAC: allowed by " + grant.origin());
            }
        }
        return new Verdict(false, dangling.isEmpty() ? "" : "RBAC: " + missing(dangling));
    }

    /**
     * All that somebody may do.
     *
     * @param problems what keeps bindings from taking effect; mostly empty
     */
    record Held(List<Rule> rules, String problems) {}

    /** @param scope a namespace; empty for what is allowed everywhere */
    Held heldBy(Caller caller, String scope) {
        List<Rule> rules = new ArrayList<>();
        List<Grant> dangling = new ArrayList<>();
        for (Grant grant : grantsOf(caller, scope)) {
            rulesOf(grant.role()).ifPresentOrElse(rules::addAll, () -> dangling.add(grant));
        }
        return new Held(rules, dangling.isEmpty() ? "" : missing(dangling));
    }

    /** Those that hold everywhere first. */
    private List<Grant> grantsOf(Caller caller, String scope) {
        List<Grant> found = new ArrayList<>();
        for (String where : scope.isEmpty() ? List.of("") : List.of("", scope)) {
            addGrants(where, new Holder(false, caller.name()), found);
            caller.groups().forEach(group -> addGrants(where, new Holder(true, group), found));
        }
        return found;
    }

    private void addGrants(String scope, Holder holder, List<Grant> into) {
        into.addAll(grants.getOrDefault(new Place(scope, holder), List.of()));
    }

    private static String missing(List<Grant> dangling) {
        Set<String> texts = new LinkedHashSet<>();
        for (Grant grant : dangling) {
            String resource = grant.role().kind().equals("Role") ? "role" : "clusterrole";
            texts.add(resource + ".rbac.authorization.k8s.io \"" + grant.role().name() + "\" not found");
        }
        return texts.size() == 1 ? texts.iterator().next() : "[" + String.join(", ", texts) + "]";
    }
}
