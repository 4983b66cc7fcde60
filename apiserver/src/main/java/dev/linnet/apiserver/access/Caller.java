package dev.linnet.apiserver.access;

import java.util.List;

/** Who sends a request. */
public record Caller(String name, String uid, List<String> groups) {
    /** Nobody: allowed to see health and version only. */
    public static final Caller ANONYMOUS = new Caller("system:anonymous", "", List.of("system:unauthenticated"));

    /** The one whom the kubeconfig names. May do everything. */
    public static final Caller ADMIN =
            new Caller("linnet-admin", "linnet-admin", List.of("system:masters", "system:authenticated"));

    public Caller {
        groups = List.copyOf(groups);
    }
}
