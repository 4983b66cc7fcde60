package dev.linnet.apiserver.access;

import java.util.List;
import java.util.Optional;

/** Finds out who holds a bearer token. */
public interface Authenticator {

    /** For whom a token is meant that is to be shown to this server. */
    String API_AUDIENCE = "https://kubernetes.default.svc.cluster.local";

    /**
     * Somebody, and to whom of those who were asked about the token may be shown.
     *
     * @param audiences never empty
     */
    record Identity(Caller caller, List<String> audiences) {
        public Identity {
            audiences = List.copyOf(audiences);
        }
    }

    /**
     * Who holds a token that is meant for one of these audiences. Empty when the token is nobody's. Takes the same time however wrong the token is.
     */
    Optional<Identity> identify(String token, List<String> audiences);

    /** Who holds a token that is meant for this server. */
    default Optional<Caller> callerOf(String token) {
        return identify(token, List.of(API_AUDIENCE)).map(Identity::caller);
    }

    /** Asks others in turn. */
    static Authenticator firstOf(List<Authenticator> others) {
        return (token, audiences) -> others.stream()
                .map(other -> other.identify(token, audiences))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
