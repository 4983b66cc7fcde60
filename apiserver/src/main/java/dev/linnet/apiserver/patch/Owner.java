package dev.linnet.apiserver.patch;

import java.util.Comparator;

/**
 * Identity of an entry of managedFields. Who applies owns one entry whatever the version; who updates owns one for each.
 *
 * @param applies    true for operation Apply, false for Update
 * @param apiVersion empty where {@code applies}
 */
record Owner(String manager, boolean applies, String apiVersion, String subresource) {
    static final Comparator<Owner> BY_NAME = Comparator.comparing(Owner::manager)
            .thenComparing(owner -> !owner.applies)
            .thenComparing(Owner::apiVersion)
            .thenComparing(Owner::subresource);

    static Owner applier(Writer writer) {
        return new Owner(writer.manager(), true, "", writer.subresource());
    }

    static Owner updater(Writer writer) {
        return new Owner(writer.manager(), false, writer.apiVersion(), writer.subresource());
    }

    /** {@code "kubectl-client-side-apply" using apps/v1}, as messages about conflicts show it. */
    String shown() {
        return '"'
                + manager
                + '"'
                + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + '"')
                + (applies ? "" : " using " + apiVersion);
    }
}
