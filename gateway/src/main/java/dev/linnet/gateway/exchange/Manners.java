package dev.linnet.gateway.exchange;

import dev.linnet.gateway.tls.ClientTls;
import dev.linnet.gateway.tls.TlsTables;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.TrafficPolicy;
import dev.linnet.routing.policy.TrafficPolicy.Security;
import dev.linnet.routing.policy.TrafficPolicy.Version;
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
    private Version version = Version.HTTP_1;
    private Upstream upstream;
    private String name;
    private Optional<ClientTls> madeOf = Optional.empty();
    private Optional<Manner> overTls = Optional.empty();
    private Optional<Manner> http2OverTls = Optional.empty();

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
     * @param http2  whether it speaks HTTP/2
     */
    public Optional<Manner> now(TlsTables tables, boolean secure, boolean http2) {
        if (ofRule.isPlain()) {
            learn(endpoints.policy());
        }
        return switch (upstream.protocol()) {
            case HTTP -> isHttp2(http2) ? PRIOR_KNOWLEDGE : PLAIN;
            case GRPC -> PRIOR_KNOWLEDGE;
            case AUTO_HTTP -> secure ? overTls(tables, false) : PLAIN;
            case HTTPS -> overTls(tables, isHttp2(http2));
            case GRPCS -> overTls(tables, true);
        };
    }

    private void learn(TrafficPolicy policy) {
        version = policy.version();
        if (!policy.security().equals(ofService)) {
            ofService = policy.security();
            upstream = ofService.map(Security::upstream).orElse(ofRule);
            name = name(upstream);
            madeOf = Optional.empty();
        }
    }

    private boolean isHttp2(boolean client) {
        return switch (version) {
            case HTTP_1 -> false;
            case HTTP_2_BY_PORT -> byPort;
            case HTTP_2 -> true;
            case OF_CLIENT -> client;
        };
    }

    private Optional<Manner> overTls(TlsTables tables, boolean http2) {
        Optional<ClientTls> now = tables.upstream(upstream.trust());
        if (!now.equals(madeOf)) {
            madeOf = now;
            Optional<Manner.Http1> made = now.map(tls -> new Manner.Tls(tls, name));
            overTls = made.map(Manner.class::cast);
            http2OverTls = made.map(Manner.Http2::new);
        }
        return http2 ? http2OverTls : overTls;
    }
}
