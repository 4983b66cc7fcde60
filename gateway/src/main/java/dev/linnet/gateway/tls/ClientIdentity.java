package dev.linnet.gateway.tls;

import dev.linnet.routing.policy.ClientAuth.Authorities;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who the client of one connection has shown to be. Used by one event loop. */
public final class ClientIdentity {
    /** Nobody has asked it. */
    public static final ClientIdentity UNASKED = new ClientIdentity();

    private final Optional<Authorities> askedBy;
    private final List<X509Certificate> chain;
    private @Nullable ClientAuthorities judge;
    private int judgedDepth;
    private String objection = "";

    private ClientIdentity() {
        this.askedBy = Optional.empty();
        this.chain = List.of();
    }

    ClientIdentity(Authorities askedBy, List<X509Certificate> chain) {
        this.askedBy = Optional.of(askedBy);
        this.chain = List.copyOf(chain);
    }

    /** Whether it was asked for a certificate of these authorities, also if they have changed since. */
    public boolean wasAskedBy(Authorities authorities) {
        return askedBy.equals(Optional.of(authorities));
    }

    /** Its own certificate, if it has shown one. */
    public Optional<X509Certificate> certificate() {
        return chain.stream().findFirst();
    }

    /** Why it is not to be believed, empty if it is. Judged anew when the authorities have changed. */
    public String objection(ClientAuthorities authorities, int depth) {
        if (judge != authorities || judgedDepth != depth) {
            objection = authorities.objection(chain, depth);
            judge = authorities;
            judgedDepth = depth;
        }
        return objection;
    }
}
