package dev.linnet.manifests.istio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.manifests.istio.PolicyBlocks.Tls;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.policy.TrafficPolicy.Security;
import dev.linnet.routing.policy.Upstream;
import dev.linnet.routing.policy.Upstream.Protocol;
import dev.linnet.routing.policy.Upstream.Roots;
import dev.linnet.routing.policy.Upstream.Trust;
import java.util.Optional;
import java.util.Set;

/** Reads the TLS settings of DestinationRules (spec §2.6). */
final class UpstreamTlsReader {
    /** As many certificates may stand between an endpoint's and an authority's as in any browser. */
    private static final int DEPTH = 10;

    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

    private final Author author;

    UpstreamTlsReader(Author author) {
        this.author = author;
    }

    Tls read(JsonNode tls, String where) {
        String mode = tls.path("mode").asText("DISABLE");
        return switch (mode) {
            case "DISABLE" -> new Tls(Optional.empty());
            case "SIMPLE" -> new Tls(Optional.of(security(tls, where, false)));
            case "MUTUAL" -> new Tls(Optional.of(security(tls, where, true)));
            case "ISTIO_MUTUAL" -> {
                author.notObeyed(
                        where + ".mode",
                        "is ISTIO_MUTUAL, for which sidecars have certificates and gateways here have none: endpoints get"
                                + " plain HTTP (expected: no tls, if the Pods have no sidecars or those take plain HTTP"
                                + " (PeerAuthentication PERMISSIVE); else MUTUAL with credentialName)");
                yield new Tls(Optional.empty());
            }
            default -> {
                author.mistake(where + ".mode", "is " + mode + " (expected: DISABLE, SIMPLE, MUTUAL or ISTIO_MUTUAL)");
                yield new Tls(Optional.empty());
            }
        };
    }

    private Security security(JsonNode tls, String where, boolean mutual) {
        boolean files = false;
        for (String field : new String[] {"caCertificates", "clientCertificate", "privateKey", "caCrl"}) {
            if (Author.text(tls.path(field)).isPresent()) {
                files = true;
                author.notObeyed(
                        where + "." + field,
                        "names a file of a sidecar, so no endpoint is believed: requests are answered 503 (expected: credentialName, a Secret with ca.crt"
                                + (mutual ? ", tls.crt and tls.key)" : ")"));
            }
        }
        Optional<SecretRef> secret = Author.text(tls.path("credentialName"))
                .map(name -> new SecretRef(author.object().namespace(), name));
        if (mutual && secret.isEmpty() && !files) {
            author.mistake(
                    where + ".credentialName",
                    "is missing, so no endpoint is believed: requests are answered 503 (expected: a Secret with tls.crt, tls.key and ca.crt)");
        }
        boolean verify = !tls.path("insecureSkipVerify").asBoolean();
        return new Security(
                new Upstream(
                        Protocol.HTTPS,
                        Optional.of(new Trust(
                                files ? Optional.empty() : secret,
                                mutual ? Roots.OF_SECRET_AND_US : files ? Roots.OF_SECRET : Roots.USUAL,
                                verify,
                                DEPTH,
                                Author.text(tls.path("sni")),
                                true,
                                verify ? Set.copyOf(Author.texts(tls.path("subjectAltNames"))) : Set.of(),
                                PROTOCOLS))),
                author.object(),
                where + ".credentialName");
    }
}
