package dev.linnet.benchmarks;

import dev.linnet.gateway.Gateway;
import dev.linnet.gateway.GatewaySettings;
import dev.linnet.gateway.ObservingSettings;
import dev.linnet.gateway.log.AccessLogSettings;
import dev.linnet.gateway.tls.CertificateTable;
import dev.linnet.gateway.tls.ServedCertificate;
import dev.linnet.gateway.tls.ServerTls;
import dev.linnet.gateway.tls.TlsTables;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.manifests.ingress.IngressTranslator;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Secret;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.TlsOptions;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The gateway as it stands in a cluster, on one event loop, with the comparison's two Ingresses read from here in place of a Kubernetes
 * API. Arguments: port, port for TLS, the folder of the certificate, the form of the access log.
 */
final class StaticGateway {
    private static final ServiceRef STABLE = new ServiceRef("default", "stable", "80");
    private static final ServiceRef CANARY = new ServiceRef("default", "canary", "80");

    private StaticGateway() {}

    public static void main(String[] args) throws Exception {
        AccessLogSettings.Form log = AccessLogSettings.Form.valueOf(args[3].toUpperCase(Locale.ROOT));
        Gateway gateway = Gateway.start(GatewaySettings.on(loopback(args[0]))
                .withHttps(loopback(args[1]))
                .withLoops(1)
                .withObserving(ObservingSettings.DEFAULT.withLog(
                        new AccessLogSettings(log, new FileOutputStream(FileDescriptor.out)))));
        gateway.routes()
                .endpoints(Map.of(
                        STABLE, List.of(new Endpoint("127.0.0.1", 18081, "")),
                        CANARY, List.of(new Endpoint("127.0.0.1", 18082, ""))));
        gateway.routes().secure(certificate(Path.of(args[2])));
        List<Ingress> ingresses = List.of(ingress("app", "stable", "{}"), ingress("app-canary", "canary", """
                {nginx.ingress.kubernetes.io/canary: 'true', nginx.ingress.kubernetes.io/canary-by-header: X-Canary,
                 nginx.ingress.kubernetes.io/canary-weight: '10'}"""));
        ClassSettings all = ClassSettings.DEFAULT.watchIngressWithoutClass();
        gateway.routes()
                .install(RouteTable.of(
                        IngressTranslator.translate(ingresses, List.of(), all).rules()));
        new CountDownLatch(1).await(); // until it is killed
    }

    private static InetSocketAddress loopback(String port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    private static TlsTables certificate(Path folder) throws Exception {
        ServedCertificate shown = ServedCertificate.of(
                new SecretRef("default", "app"),
                Secret.of(Map.of(
                        "tls.crt", Files.readAllBytes(folder.resolve("tls.crt")),
                        "tls.key", Files.readAllBytes(folder.resolve("tls.key")))));
        ServerTls tls = ServerTls.fake(TlsOptions.DEFAULT, true).showing(shown);
        return new TlsTables(CertificateTable.showing(tls), Map.of(), Map.of());
    }

    private static Ingress ingress(String name, String service, String annotations) {
        return Serialization.unmarshal(
                """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: NAME, namespace: default, annotations: ANNOTATIONS}
                spec:
                  rules:
                    - host: app.example.com
                      http:
                        paths:
                          - {path: /api, pathType: Prefix, backend: {service: {name: SERVICE, port: {number: 80}}}}
                """.replace("NAME", name)
                        .replace("SERVICE", service)
                        .replace("ANNOTATIONS", annotations.replace("\n", " ")),
                Ingress.class);
    }
}
