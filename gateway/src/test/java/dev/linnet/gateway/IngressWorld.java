package dev.linnet.gateway;

import dev.linnet.manifests.Translation;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.manifests.ingress.IngressTranslator;
import dev.linnet.routing.Problem;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.ServiceRef;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPathBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressRuleValueBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackend;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackendBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRuleBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A gateway that obeys Ingresses, oldest first. Each Service is one endpoint, which answers with its name and the head that it got.
 */
final class IngressWorld implements AutoCloseable {
    private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

    final World world = new World();
    private final List<Ingress> ingresses = new ArrayList<>();
    private final Map<String, ScriptedUpstream> services = new HashMap<>();
    private List<Problem> problems = List.of();

    /** An Ingress in the making; {@link #obey} puts it in force. */
    final class Wanted {
        private final Ingress ingress;

        private Wanted(String name) {
            ingress = new IngressBuilder()
                    .withNewMetadata()
                    .withNamespace("default")
                    .withName(name)
                    .withCreationTimestamp(
                            LONG_AGO.plusSeconds(ingresses.size()).toString())
                    .withAnnotations(new HashMap<>())
                    .endMetadata()
                    .withNewSpec()
                    .endSpec()
                    .build();
        }

        Wanted with(String annotation, String value) {
            ingress.getMetadata().getAnnotations().put("nginx.ingress.kubernetes.io/" + annotation, value);
            return this;
        }

        /** The path goes to this Service. */
        Wanted path(String host, String type, String path, String service) {
            return path(host, type, path, backend(service));
        }

        Wanted prefix(String host, String path, String service) {
            return path(host, "Prefix", path, service);
        }

        Wanted resource(String host, String path) {
            return path(
                    host,
                    "Prefix",
                    path,
                    new IngressBackendBuilder()
                            .withNewResource("example.com", "Bucket", "files")
                            .build());
        }

        private Wanted path(String host, String type, String path, IngressBackend backend) {
            HTTPIngressPath written = new HTTPIngressPathBuilder()
                    .withPath(path)
                    .withPathType(type)
                    .withBackend(backend)
                    .build();
            return rule(new IngressRuleBuilder()
                    .withHost(host.isEmpty() ? null : host)
                    .withHttp(
                            new HTTPIngressRuleValueBuilder().withPaths(written).build())
                    .build());
        }

        /** A rule without paths. */
        Wanted host(String host) {
            return rule(new IngressRuleBuilder().withHost(host).build());
        }

        private Wanted rule(IngressRule rule) {
            ingress.getSpec().getRules().add(rule);
            return this;
        }

        Wanted defaultBackend(String service) {
            ingress.getSpec().setDefaultBackend(backend(service));
            return this;
        }

        /** With a TLS entry for the host; of its Secret nobody knows anything. */
        Wanted tls(String host) {
            ingress.getSpec()
                    .getTls()
                    .add(new io.fabric8.kubernetes.api.model.networking.v1.IngressTLSBuilder()
                            .withHosts(host)
                            .withSecretName("missing")
                            .build());
            return this;
        }

        IngressWorld obey() {
            ingresses.add(ingress);
            return install();
        }
    }

    Wanted ingress(String name) {
        return new Wanted(name);
    }

    IngressWorld delete(String name) {
        ingresses.removeIf(ingress -> ingress.getMetadata().getName().equals(name));
        return install();
    }

    private IngressWorld install() {
        Translation translation =
                IngressTranslator.translate(ingresses, List.of(), ClassSettings.DEFAULT.watchIngressWithoutClass());
        problems = translation.problems();
        world.gateway.routes().install(RouteTable.of(translation.rules()));
        return this;
    }

    private IngressBackend backend(String service) {
        services.computeIfAbsent(service, name -> {
            ScriptedUpstream upstream = ScriptedUpstream.answering(head -> ScriptedUpstream.ok(name + " " + head));
            world.serve(new ServiceRef("default", name, "80"), upstream);
            return upstream;
        });
        return new IngressBackendBuilder()
                .withNewService()
                .withName(service)
                .withNewPort()
                .withNumber(80)
                .endPort()
                .endService()
                .build();
    }

    List<String> problems() {
        return problems.stream().map(Problem::toString).toList();
    }

    Conversation.Response get(String host, String target, String... headers) {
        return ask("GET", host, target, headers);
    }

    Conversation.Response ask(String method, String host, String target, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        try (Conversation client = Conversation.with(world.gateway.httpAddress())) {
            return client.send(head.append("\r\n").toString()).readResponse();
        }
    }

    /** Which Service has answered, or the status if the gateway has. */
    String answers(String host, String target, String... headers) {
        Conversation.Response response = get(host, target, headers);
        return response.status() == 200 ? response.body().split(" ", 2)[0] : String.valueOf(response.status());
    }

    /** What the backend was asked for. */
    String targetAtBackend(String host, String target) {
        return get(host, target).body().split(" ", -1)[2];
    }

    /** Status and Location of a redirect. */
    String redirect(String host, String target) {
        Conversation.Response response = get(host, target);
        String location = response.head()
                .lines()
                .filter(line -> line.startsWith("Location: "))
                .map(line -> line.substring("Location: ".length()))
                .findFirst()
                .orElse("nowhere");
        return response.status() + " " + location;
    }

    @Override
    public void close() {
        world.close();
    }
}
