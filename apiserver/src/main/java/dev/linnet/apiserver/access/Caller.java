package dev.linnet.apiserver.access;

import java.util.List;
import java.util.Map;

/**
 * Who sends a request.
 *
 * @param extra what else is known about a caller, such as the Pod that a token belongs to
 */
public record Caller(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    static final String AUTHENTICATED = "system:authenticated";
    static final String UNAUTHENTICATED = "system:unauthenticated";
    private static final String MASTERS = "system:masters";
    static final String NOBODY = "system:anonymous";

    /** Nobody: is shown health and version only, unless a binding says otherwise. */
    public static final Caller ANONYMOUS = new Caller(NOBODY, "", List.of(UNAUTHENTICATED));

    /** The one whom the kubeconfig names. May do everything. */
    public static final Caller ADMIN = new Caller("linnet-admin", "linnet-admin", List.of(MASTERS, AUTHENTICATED));

    /** This server itself. */
    public static final Caller SERVER = new Caller("system:apiserver", "", List.of(MASTERS));

    public Caller {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    public Caller(String name, String uid, List<String> groups) {
        this(name, uid, groups, Map.of());
    }

    /** Whether no rule is asked about this caller. */
    boolean isMaster() {
        return groups.contains(MASTERS);
    }
}
