package dev.linnet.gateway.policy;

import com.google.re2j.Pattern;
import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.gateway.http.RequestEdits;
import dev.linnet.gateway.tls.ClientAuthorities;
import dev.linnet.gateway.tls.ClientIdentity;
import dev.linnet.numbers.Failure;
import dev.linnet.routing.policy.ClientAuth.Asked;
import dev.linnet.routing.policy.ClientAuth.Demand;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * Lets clients in by their certificates (spec of ingress-nginx, §3.9, §4.4). The handshake has proven that the client has the key, and
 * here it is decided whether that helps. A client whose handshake was for another host was not asked, so it is sent to make a new one
 * (RFC 9110 §15.5.20): otherwise the name in the handshake and the one in the request could differ, and nobody would ask.
 */
final class ClientCertificate implements Check {
    private final Asked asked;
    private final Optional<Pattern> subject;

    ClientCertificate(Asked asked) {
        this.asked = asked;
        this.subject = asked.subject().map(Pattern::compile);
    }

    @Override
    public void visit(Visit visit) {
        Optional<ClientAuthorities> authorities = visit.loop().tls().authorities(asked.authorities());
        ClientIdentity identity = visit.caller().identity();
        if (authorities.isEmpty()) {
            visit.answer(403, Failure.NONE, "nobody can be let in", "");
        } else if (!visit.caller().isTls()) {
            tell(visit, "NONE", Optional.empty()); // PlainClient has the last word, after redirects
        } else if (!identity.wasAskedBy(asked.authorities())) {
            visit.answer(421, Failure.NONE, "this connection was made for another host", "");
        } else {
            judge(visit, identity, authorities.get());
        }
    }

    private void judge(Visit visit, ClientIdentity identity, ClientAuthorities authorities) {
        Optional<X509Certificate> certificate = identity.certificate();
        if (certificate.isEmpty()) {
            if (asked.demand() == Demand.ON) {
                refuse(visit, "No required SSL certificate was sent");
            } else {
                tell(visit, "NONE", certificate);
            }
            return;
        }
        String objection = identity.objection(authorities, asked.depth());
        if (!objection.isEmpty() && asked.demand() != Demand.OPTIONAL_NO_CA) {
            refuse(visit, "The SSL certificate error");
        } else if (!isRightSubject(certificate.get())) {
            visit.answer(403, Failure.NONE, "this is not for you", "");
        } else {
            tell(visit, objection.isEmpty() ? "SUCCESS" : "FAILED:" + objection, certificate);
        }
    }

    private void refuse(Visit visit, String reason) {
        if (asked.errorPage().isPresent()) {
            visit.answer(302, Failure.NONE, "", "Location: " + asked.errorPage().get() + "\r\n");
        } else {
            visit.answer(400, Failure.NONE, reason, "");
        }
    }

    private boolean isRightSubject(X509Certificate certificate) {
        return subject.isEmpty()
                || subject.get()
                        .matcher(name(certificate.getSubjectX500Principal()))
                        .find();
    }

    private void tell(Visit visit, String verdict, Optional<X509Certificate> certificate) {
        RequestEdits edits = visit.requestEdits();
        edits.add("ssl-client-verify", verdict);
        certificate.ifPresent(found -> {
            edits.add("ssl-client-subject-dn", name(found.getSubjectX500Principal()));
            edits.add("ssl-client-issuer-dn", name(found.getIssuerX500Principal()));
            if (asked.passOn()) {
                edits.add("ssl-client-cert", escaped(found));
            }
        });
        visit.pass();
    }

    /** As RFC 2253 has it. What could end a header line is written as a number: the name is the client's own. */
    private static String name(X500Principal principal) {
        byte[] utf8 = principal.getName(X500Principal.RFC2253).getBytes(StandardCharsets.UTF_8);
        StringBuilder safe = new StringBuilder(utf8.length);
        for (byte b : utf8) {
            if (b >= ' ' && b < 0x7f) {
                safe.append((char) b);
            } else {
                safe.append(String.format("\\%02X", b));
            }
        }
        return safe.toString();
    }

    private static String escaped(X509Certificate certificate) {
        try {
            String pem = "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
            return URLEncoder.encode(pem, StandardCharsets.US_ASCII).replace("+", "%20");
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
    }
}
