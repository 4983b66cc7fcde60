package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.access.Aggregation;
import dev.linnet.apiserver.discovery.KindCatalog;
import dev.linnet.apiserver.discovery.ServedResource;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Keeps the rules of aggregated ClusterRoles, such as admin, edit and view, as the roles that they gather say. */
final class RoleAggregation implements AutoCloseable {
    private static final String ROLES = "clusterroles.rbac.authorization.k8s.io";
    private static final WriteOptions AS_CONTROLLER = WriteOptions.ofServer("clusterrole-aggregation-controller");

    /** From view over edit to admin. */
    private static final int USUAL_DEPTH = 3;

    private final ObjectStore store;
    private final KindCatalog catalog;
    private final Changes changes;
    private final Follower follower;

    RoleAggregation(ObjectStore store, KindCatalog catalog, Changes changes) {
        this.store = store;
        this.catalog = catalog;
        this.changes = changes;
        this.follower = new Follower(store, ROLES, this::gather);
    }

    /** Brings all roles up to date before anybody asks, then follows their changes. */
    void start() {
        // One aggregated role may gather another; what goes deeper is left to the follower, whom each change wakes
        // again.
        for (int depth = 0; depth < USUAL_DEPTH; depth++) {
            gather();
        }
        follower.start();
    }

    private Duration gather() {
        ServedResource resource = catalog.current().preferred(ROLES).orElseThrow();
        outdated().forEach((name, rules) -> put(new Target(resource, "", name, ""), rules));
        return Follower.NOTHING_TO_DO;
    }

    private Map<String, ArrayNode> outdated() {
        List<ObjectNode> roles =
                store.list(ROLES, "").objects().stream().map(StoredObject::tree).toList();
        return Aggregation.outdated(roles);
    }

    private void put(Target role, ArrayNode rules) {
        try {
            changes.change(role, AS_CONTROLLER, live -> live.<ObjectNode>set("rules", rules.deepCopy()));
        } catch (ApiFailure e) {
            if (e.code() != 404) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        follower.close();
    }
}
