package dev.linnet.apiserver.access;

import java.util.Optional;

/** Finds out who holds a bearer token. */
public interface Authenticator {

    /** Empty when the token is nobody's. Takes the same time however wrong the token is. */
    Optional<Caller> callerOf(String token);
}
