package dev.linnet.apiserver.access;

/** What somebody wants to do, in the terms of RBAC. */
public sealed interface Act {

    /** {@code get}, {@code list}, {@code watch}, {@code create}, ... */
    String verb();

    /**
     * Something done to objects.
     *
     * @param subresource empty for the resource itself
     * @param namespace   empty for cluster scope or all namespaces
     * @param name        empty for a whole collection
     */
    record OnResource(String verb, String group, String resource, String subresource, String namespace, String name)
            implements Act {

        /** {@code deployments/scale}, as rules and messages name it. */
        String path() {
            return subresource.isEmpty() ? resource : resource + "/" + subresource;
        }
    }

    /** Something done to a path that holds no objects, such as {@code /version}. */
    record OnPath(String verb, String path) implements Act {}

    /** Where a rule must be granted to allow this: a namespace, or empty for the cluster. */
    default String scope() {
        return switch (this) {
            case OnResource act -> act.namespace();
            case OnPath _ -> "";
        };
    }
}
