package dev.linnet.apiserver.access;

import dev.linnet.apiserver.failure.ApiFailure;
import java.util.List;
import java.util.Map;

/** Finds out in whose name a request is sent. */
public final class Callers {
    private static final String BEARER = "Bearer ";

    private final Authenticator authenticator;
    private final Impersonation impersonation;

    public Callers(Authenticator authenticator, Authorizer authorizer) {
        this.authenticator = authenticator;
        this.impersonation = new Impersonation(authorizer);
    }

    /**
     * The caller of a request.
     *
     * @param authorization the header; empty when absent
     * @param impersonate   all headers that begin with {@code Impersonate-}, their names in lower case
     * @throws ApiFailure 401 for a token that is nobody's, 403 for who may not act for others
     */
    public Caller of(String authorization, Map<String, List<String>> impersonate) {
        Caller sender = sender(authorization);
        return impersonate.isEmpty() ? sender : impersonation.of(sender, impersonate);
    }

    private Caller sender(String authorization) {
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Caller.ANONYMOUS;
        }
        return authenticator
                .callerOf(authorization.substring(BEARER.length()).strip())
                .orElseThrow(() -> ApiFailure.of(401, "Unauthorized", "Unauthorized"));
    }
}
