package dev.linnet.manifests.gatewayapi;

import java.util.List;

/** What became of one of a route's parents. */
record Parent(ParentRef ref, List<Condition> conditions) {
    Parent {
        conditions = List.copyOf(conditions);
    }

    /**
     * For its status.
     *
     * @param unaccepted why it is not obeyed there
     * @param obeyed     what to say where it is
     */
    static Parent of(ParentRef ref, HttpRoute route, List<Objection> unaccepted, String obeyed) {
        return new Parent(
                ref,
                List.of(
                        Objection.condition(Condition.ACCEPTED, unaccepted, obeyed),
                        Objection.condition(
                                Condition.RESOLVED_REFS, route.unresolved(), "All that it refers to is there")));
    }
}
