package dev.linnet.apiserver.access;

import java.util.List;
import java.util.Optional;

/** Finds out who holds a bearer token. */
public interface Authenticator {

    /** Empty when the token is nobody's. Takes the same time however wrong the token is. */
    Optional<Caller> callerOf(String token);

    /** Asks others in turn. */
    static Authenticator firstOf(List<Authenticator> others) {
        return token -> others.stream()
                .map(other -> other.callerOf(token))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
