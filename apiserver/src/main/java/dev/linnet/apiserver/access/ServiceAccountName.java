package dev.linnet.apiserver.access;

import java.util.List;
import java.util.Optional;

/** A ServiceAccount, and how it appears as a user. */
record ServiceAccountName(String namespace, String name) {
    private static final String PREFIX = "system:serviceaccount:";

    /** Empty where a user is not a ServiceAccount. */
    static Optional<ServiceAccountName> of(String user) {
        if (!user.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String[] parts = user.substring(PREFIX.length()).split(":", -1);
        return parts.length == 2 && !parts[0].isEmpty() && !parts[1].isEmpty()
                ? Optional.of(new ServiceAccountName(parts[0], parts[1]))
                : Optional.empty();
    }

    String user() {
        return PREFIX + namespace + ":" + name;
    }

    List<String> groups() {
        return List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace);
    }
}
