package dev.linnet.apiserver.access;

/** Decides what a caller may do. The one place where access rules take effect. */
public interface Authorizer {

    /**
     * What somebody wants to do, in the terms of RBAC.
     *
     * @param verb        {@code get}, {@code list}, {@code watch}, {@code create}, ...
     * @param subresource empty for the resource itself
     * @param namespace   empty for cluster scope or all namespaces
     * @param name        empty for a whole collection
     */
    record Act(String verb, String group, String resource, String subresource, String namespace, String name) {}

    boolean allows(Caller caller, Act act);

    /** Until access rules take effect: the administrator, and those to whom the administrator gave a token, may do all. */
    static Authorizer tokenHolders() {
        return (caller, _) ->
                caller.groups().contains("system:masters") || caller.groups().contains("system:serviceaccounts");
    }
}
