package dev.linnet.manifests.istio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.manifests.Door;
import dev.linnet.routing.HostTls;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Rule;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.policy.ClientAuth;
import dev.linnet.routing.policy.ClientAuth.Asked;
import dev.linnet.routing.policy.ClientAuth.Authorities;
import dev.linnet.routing.policy.ClientAuth.Demand;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Gateway of Istio, read (spec §3).
 *
 * @param ours whether its selector means our gateway
 */
record IstioGateway(IstioObject object, boolean ours, List<Server> servers, List<Problem> problems) {
    /** By which labels a Gateway always finds us: those that Istio's own installation has, and the one that our Pods always have. */
    static final Map<String, String> LABELS = Map.of(
            "istio", "ingressgateway", "app", "istio-ingressgateway", "app.kubernetes.io/name", "linnet-gateway");

    private static final Set<String> MODES = Set.of("SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL");

    /** Envoy has no limit of its own. */
    private static final int DEPTH = 100;

    private static final Set<String> PLAIN = Set.of("HTTP", "HTTP2", "GRPC", "GRPC-WEB");

    IstioGateway {
        servers = List.copyOf(servers);
        problems = List.copyOf(problems);
    }

    /**
     * A server.
     *
     * @param port        as it is written, which VirtualServices mean by it
     * @param hosts       that it serves
     * @param toHttps     whether every request is sent to HTTPS
     * @param certificate the Secret that holds it, over TLS
     * @param clients     whom it lets in, over TLS; empty for anybody
     * @param where       the field: {@code spec.servers[0]}
     */
    record Server(
            Door door,
            int port,
            List<Host> hosts,
            boolean toHttps,
            Optional<SecretRef> certificate,
            Optional<ClientAuth> clients,
            String where) {
        Server {
            hosts = List.copyOf(hosts);
        }

        boolean secure() {
            return door.secure();
        }

        Rule admitting(Rule rule) {
            return clients.map(whom -> rule.withPolicy(rule.policy().withClients(whom)))
                    .orElse(rule);
        }
    }

    /** @param namespace of the VirtualServices that may speak for it; {@code *} for any */
    record Host(String namespace, String name) {
        boolean admits(VirtualService service) {
            return namespace.equals("*")
                    || namespace.equals(service.object().ref().namespace());
        }
    }

    /** How its hosts are secured. Of any host none can be named. */
    List<HostTls> tls() {
        return servers.stream()
                .filter(server -> server.certificate().isPresent())
                .flatMap(server -> server.hosts().stream()
                        .filter(host -> !host.name().equals("*"))
                        .map(host -> tls(server, host)))
                .toList();
    }

    private HostTls tls(Server server, Host host) {
        return new HostTls(
                host.name(),
                Optional.of(new HostTls.Certificates(
                        server.certificate().stream().toList(),
                        true,
                        object.ref(),
                        server.where() + ".tls.credentialName")),
                server.clients());
    }

    String name() {
        return object.ref().namespace() + "/" + object.ref().name();
    }

    /** @param labels of our Pods */
    static IstioGateway read(IstioObject object, Map<String, String> labels) {
        Author author = new Author(object.ref());
        Map<String, String> selector = MatchReader.labels(object.spec().path("selector"));
        boolean ours = !selector.isEmpty()
                && (LABELS.entrySet().containsAll(selector.entrySet())
                        || labels.entrySet().containsAll(selector.entrySet()));
        if (!ours) {
            return new IstioGateway(object, false, List.of(), List.of());
        }
        List<Server> servers = new ArrayList<>();
        int index = 0;
        for (JsonNode server : object.spec().path("servers")) {
            server(server, object.ref().namespace(), "spec.servers[" + index++ + "]", author)
                    .ifPresent(servers::add);
        }
        return new IstioGateway(object, true, servers, author.problems());
    }

    private static Optional<Server> server(JsonNode server, String namespace, String where, Author author) {
        int port = server.path("port").path("number").asInt();
        String protocol = server.path("port").path("protocol").asText("").toUpperCase(Locale.ROOT);
        boolean plain = PLAIN.contains(protocol);
        if (!plain && !protocol.equals("HTTPS")) {
            author.notObeyed(
                    where + ".port.protocol", "is " + protocol + " (expected: HTTP or HTTPS): the server is left out");
            return Optional.empty();
        }
        Door door = Door.ofPods(port, !plain);
        if (!door.isUsual() && !door.isFree()) {
            author.notObeyed(
                    where + ".port.number",
                    "is " + port + ", which the gateway needs for something else (expected: "
                            + (plain ? Door.HTTP : Door.HTTPS) + " or another port): the server is left out");
            return Optional.empty();
        }
        String mode = server.path("tls").path("mode").asText("SIMPLE");
        if (!plain && !MODES.contains(mode)) {
            author.notObeyed(
                    where + ".tls.mode",
                    "is " + mode + " (expected: SIMPLE, MUTUAL or OPTIONAL_MUTUAL): the server is left out");
            return Optional.empty();
        }
        List<Host> hosts = Author.texts(server.path("hosts")).stream()
                .map(host -> host(host, namespace))
                .toList();
        boolean asks = !plain && !mode.equals("SIMPLE");
        if (asks && !canAsk(server.path("tls"), hosts, where, author)) {
            return Optional.empty();
        }
        return Optional.of(new Server(
                door,
                port,
                hosts,
                plain && server.path("tls").path("httpsRedirect").asBoolean(),
                Author.text(server.path("tls").path("credentialName")).map(name -> new SecretRef(namespace, name)),
                asks ? Optional.of(clients(server.path("tls"), namespace)) : Optional.empty(),
                where));
    }

    /** Clients are asked for certificates by the name that they say first, and by authorities in a Secret. Else the door stays shut. */
    private static boolean canAsk(JsonNode tls, List<Host> hosts, String where, Author author) {
        if (Author.text(tls.path("credentialName")).isEmpty()) {
            author.notObeyed(
                    where + ".tls.credentialName",
                    "is missing (expected: a Secret with tls.crt, tls.key and ca.crt): the server is left out");
            return false;
        }
        if (hosts.stream().anyMatch(host -> host.name().equals("*"))) {
            author.notObeyed(
                    where + ".hosts",
                    "has *, and clients of any host cannot be asked for certificates (expected: hosts by their names, or"
                            + " *.example.com): the server is left out");
            return false;
        }
        if (!tls.path("subjectAltNames").isEmpty()) {
            author.notObeyed(
                    where + ".tls.subjectAltNames",
                    "is not obeyed yet, so nobody could be told apart: the server is left out");
            return false;
        }
        return true;
    }

    private static ClientAuth clients(JsonNode tls, String namespace) {
        Demand demand = tls.path("mode").asText().equals("MUTUAL") ? Demand.ON : Demand.OPTIONAL;
        return new Asked(authorities(tls, namespace), demand, DEPTH, Optional.empty(), false, Optional.empty());
    }

    /** Beside the Secret of the certificate there may be one of its name for authorities; else they are in that itself. */
    private static Authorities authorities(JsonNode tls, String namespace) {
        String certificate = tls.path("credentialName").asText();
        return Author.text(tls.path("caCertCredentialName"))
                .map(name -> Authorities.in(new SecretRef(namespace, name)))
                .orElseGet(() -> new Authorities(
                        new SecretRef(namespace, certificate + "-cacert"),
                        Optional.of(new SecretRef(namespace, certificate))));
    }

    private static Host host(String written, String namespace) {
        int slash = written.indexOf('/');
        String filter = slash < 0 ? "*" : written.substring(0, slash);
        return new Host(
                filter.equals(".") ? namespace : filter,
                written.substring(slash + 1).toLowerCase(Locale.ROOT));
    }
}
