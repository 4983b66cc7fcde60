package dev.linnet.apiserver.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.store.ObjectKey;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what a caller may do, by the stored Roles, ClusterRoles and bindings. Looks at these again when one of them changed, so a rule holds with the
 * answer to the request that wrote it; what did not change is not read again.
 */
public final class Authorizer {
    private static final String GROUP = ".rbac.authorization.k8s.io";
    private static final List<String> ROLES = List.of("roles" + GROUP, "clusterroles" + GROUP);
    private static final List<String> BINDINGS = List.of("rolebindings" + GROUP, "clusterrolebindings" + GROUP);
    /** Whoever watches over a server must be answered, whatever the rules are. */
    private static final Set<String> ALWAYS_OPEN = Set.of("/healthz", "/livez", "/readyz");

    private final ObjectStore store;
    private final Map<ObjectKey, Read> readSoFar = new HashMap<>();
    private volatile Known known = new Known(-1, new AccessTable(Map.of(), List.of()));

    /** @param version of the last change of any rule or binding */
    private record Known(long version, AccessTable table) {}

    /** What an object says: a role its rules, a binding what it grants. */
    private record Read(StoredObject object, List<Rule> rules, List<Grant> grants) {}

    public Authorizer(ObjectStore store) {
        this.store = store;
    }

    public Verdict decide(Caller caller, Act act) {
        return caller.isMaster() || isAlwaysOpen(act) ? Verdict.ALLOWED : table().decide(caller, act);
    }

    private static boolean isAlwaysOpen(Act act) {
        return act instanceof Act.OnPath on && ALWAYS_OPEN.contains(on.path());
    }

    /** @throws ApiFailure 403 in the words of a real API server */
    public void require(Caller caller, Act act) {
        Verdict verdict = decide(caller, act);
        if (!verdict.allowed()) {
            throw Refusal.of(caller, act, verdict);
        }
    }

    /** @param scope a namespace; empty for what is allowed everywhere */
    AccessTable.Held heldBy(Caller caller, String scope) {
        return table().heldBy(caller, scope);
    }

    Optional<List<Rule>> rulesOf(RoleName role) {
        return table().rulesOf(role);
    }

    private AccessTable table() {
        long version = lastChange();
        Known before = known;
        return before.version() == version ? before.table() : renewed();
    }

    private long lastChange() {
        long last = 0;
        for (String resource : ROLES) {
            last = Math.max(last, store.lastChange(resource));
        }
        for (String resource : BINDINGS) {
            last = Math.max(last, store.lastChange(resource));
        }
        return last;
    }

    private synchronized AccessTable renewed() {
        // Read before the lists: at worst the same rules are looked at once more.
        long version = lastChange();
        if (known.version() == version) {
            return known.table();
        }
        Map<RoleName, List<Rule>> roles = new HashMap<>();
        List<Grant> grants = new ArrayList<>();
        Map<ObjectKey, Read> still = new HashMap<>();
        for (String resource : ROLES) {
            for (StoredObject stored : store.list(resource, "").objects()) {
                Read role = still.computeIfAbsent(stored.key(), _ -> read(stored, true));
                roles.put(new RoleName(stored.key().namespace(), stored.key().name()), role.rules());
            }
        }
        for (String resource : BINDINGS) {
            for (StoredObject stored : store.list(resource, "").objects()) {
                grants.addAll(still.computeIfAbsent(stored.key(), _ -> read(stored, false))
                        .grants());
            }
        }
        readSoFar.clear();
        readSoFar.putAll(still);
        known = new Known(version, new AccessTable(roles, grants));
        return known.table();
    }

    private Read read(StoredObject stored, boolean role) {
        Read before = readSoFar.get(stored.key());
        if (before != null && before.object().equals(stored)) {
            return before;
        }
        ObjectNode tree = stored.tree();
        return role
                ? new Read(stored, Rule.of(tree.path("rules")), List.of())
                : new Read(stored, List.of(), Grant.of(tree));
    }

    static boolean isRole(ObjectKey key) {
        return ROLES.contains(key.resource());
    }

    static boolean isBinding(ObjectKey key) {
        return BINDINGS.contains(key.resource());
    }

    static RoleName roleOf(ObjectNode binding) {
        return RoleName.referredBy(binding.path("roleRef"), Meta.of(binding).namespace());
    }
}
