package dev.linnet.gateway.exchange;

import dev.linnet.gateway.tls.ClientTls;
import dev.linnet.gateway.tls.TlsTables;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.TrafficPolicy;
import dev.linnet.routing.policy.TrafficPolicy.Security;
import dev.linnet.routing.policy.Upstream;
import java.util.Optional;

/**
 * How the endpoints of a Service are spoken to by one rule: as that says, or else as is said of the Service. Made once for each {@link ClientTls}, and
 * not for each request: connections are kept by it.
 */
public final class Manners {
    private static final Optional<Manner> PLAIN = Optional.of(Manner.PLAIN);
    private static final Optional<Manner> PRIOR_KNOWLEDGE = Optional.of(Manner.PRIOR_KNOWLEDGE);

    private final Upstream ofRule;
    private final boolean byPort;
    private final ServiceRef service;
    private final LiveEndpoints endpoints;
    private Optional<Security> ofService = Optional.empty();
    private boolean http2;
    private Upstream upstream;
    private String name;
    private Optional<ClientTls> madeOf = Optional.empty();
    private Optional<Manner> overTls = Optional.empty();

    Manners(Rule rule, ServiceRef service, LiveEndpoints endpoints) {
        this.ofRule = rule.policy().upstream();
        this.byPort = rule.isOrdered(); // ingress-nginx speaks HTTP/1.1 unless an Ingress says otherwise
        this.service = service;
        this.endpoints = endpoints;
        this.upstream = ofRule;
        this.name = name(ofRule);
    }

    private String name(Upstream how) {
        return how.trust()
                .flatMap(Upstream.Trust::name)
                .orElseGet(() -> service.isHost()
                        ? service.name()
                        : (service.name() + "." + service.namespace() + ".svc").intern());
    }

    /**
     * Empty if they cannot be believed, so that nothing may be sent to them.
     *
     * @param secure whether the client speaks TLS
     */
    public Optional<Manner> now(TlsTables tables, boolean secure) {
        TrafficPolicy policy = endpoints.policy();
        Optional<Security> said = policy.security();
        boolean saysHttp2 = byPort && policy.http2();
        if (ofRule.isPlain() && (saysHttp2 != http2 || !said.equals(ofService))) {
            ofService = said;
            http2 = saysHttp2;
            Upstream told = said.map(Security::upstream).orElse(ofRule);
            upstream = http2 ? told.overHttp2() : told;
            name = name(upstream);
            madeOf = Optional.empty();
            overTls = Optional.empty();
        }
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
