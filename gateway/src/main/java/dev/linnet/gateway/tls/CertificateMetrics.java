package dev.linnet.gateway.tls;

import dev.linnet.numbers.MetricSource;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.numbers.PrometheusPage.MetricType;
import dev.linnet.routing.SecretRef;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Shows which certificates hosts have and when these expire, as ingress-nginx does (spec, §6.3). Every replica does, not only one that
 * leads: an alert sees the same either way, and none goes silent with its leader.
 */
public final class CertificateMetrics implements MetricSource {
    private final Supplier<TlsTables> tables;

    public CertificateMetrics(Supplier<TlsTables> tables) {
        this.tables = tables;
    }

    @Override
    public void writeTo(PrometheusPage page) {
        Map<String, ServerTls> hosts = tables.get().certificates().hosts();
        page.family("ssl_expire_time_seconds", MetricType.GAUGE, "When certificates expire, in seconds since 1970");
        each(
                hosts,
                line -> page.sample("ssl_expire_time_seconds", line.labels, (double)
                        line.certificate.notAfter().getEpochSecond()));
        page.family("ssl_certificate_info", MetricType.GAUGE, "Certificates of hosts, 1 for each");
        each(hosts, line -> {
            line.labels.put("issuer_common_name", line.certificate.issuerCommonName());
            line.labels.put("issuer_organization", line.certificate.issuerOrganization());
            line.labels.put("public_key_algorithm", line.certificate.publicKeyAlgorithm());
            line.labels.put("serial_number", line.certificate.serialNumber());
            page.sample("ssl_certificate_info", line.labels, 1);
        });
    }

    /** One host that has a certificate of a Secret. */
    private record Line(Map<String, String> labels, ServedCertificate certificate) {}

    private static void each(Map<String, ServerTls> hosts, Consumer<Line> write) {
        hosts.forEach((host, tls) -> tls.own().ifPresent(certificate -> {
            Map<String, String> labels = new TreeMap<>();
            labels.put("class", "nginx");
            labels.put("host", host);
            labels.put(
                    "identifier", "-" + certificate.serialNumber()); // the issuer's own number in front is never there
            labels.put(
                    "namespace", certificate.secret().map(SecretRef::namespace).orElse(""));
            labels.put("secret_name", certificate.secret().map(SecretRef::name).orElse(""));
            write.accept(new Line(labels, certificate));
        }));
    }
}
