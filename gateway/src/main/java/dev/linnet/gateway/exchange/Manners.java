package dev.linnet.gateway.exchange;

import dev.linnet.gateway.tls.ClientTls;
import dev.linnet.gateway.tls.TlsTables;
import dev.linnet.routing.Side;
import dev.linnet.routing.policy.Upstream;
import java.util.Optional;

/** How the endpoints of one side are spoken to. Made once for each {@link ClientTls}, and not for each request: connections are kept by it. */
final class Manners {
    private static final Optional<Manner> PLAIN = Optional.of(Manner.PLAIN);
    private static final Optional<Manner> PRIOR_KNOWLEDGE = Optional.of(Manner.PRIOR_KNOWLEDGE);

    private final Upstream upstream;
    private final String name;
    private Optional<ClientTls> madeOf = Optional.empty();
    private Optional<Manner> overTls = Optional.empty();

    Manners(Side side) {
        this.upstream = side.rule().policy().upstream();
        this.name = upstream.trust()
                .flatMap(Upstream.Trust::name)
                .orElseGet(() -> side.backend().name() + "." + side.backend().namespace() + ".svc");
    }

    /**
     * Empty if they cannot be believed, so that nothing may be sent to them.
     *
     * @param secure whether the client speaks TLS
     */
    Optional<Manner> now(TlsTables tables, boolean secure) {
        return switch (upstream.protocol()) {
            case HTTP -> PLAIN;
            case GRPC -> PRIOR_KNOWLEDGE;
            case AUTO_HTTP -> secure ? overTls(tables) : PLAIN;
            case HTTPS, GRPCS -> overTls(tables);
        };
    }

    private Optional<Manner> overTls(TlsTables tables) {
        Optional<ClientTls> now = tables.upstream(upstream.trust());
        if (!now.equals(madeOf)) {
            madeOf = now;
            overTls = now.map(this::over);
        }
        return overTls;
    }

    private Manner over(ClientTls tls) {
        Manner.Http1 http1 = new Manner.Tls(tls, name);
        return upstream.protocol() == Upstream.Protocol.GRPCS ? new Manner.Http2(http1) : http1;
    }
}
