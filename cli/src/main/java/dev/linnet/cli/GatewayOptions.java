package dev.linnet.cli;

import dev.linnet.gateway.GatewaySettings;
import dev.linnet.gateway.feed.FeedSettings;
import dev.linnet.gateway.log.AccessLogSettings;
import dev.linnet.gateway.ops.Bearers;
import dev.linnet.gateway.ops.OpsAccess;
import dev.linnet.gateway.status.StatusSettings;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.ServiceRef;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code linnet gateway}, which a Pod's args hold too. Names as ingress-nginx has them where it has them. */
public final class GatewayOptions {

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            defaultValue = "0.0.0.0:8080",
            converter = HostPort.class,
            description = "Where it serves (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private InetSocketAddress http;

    @Option(
            names = "--https",
            paramLabel = "HOST:PORT",
            defaultValue = "0.0.0.0:8443",
            converter = HostPort.class,
            description = "Where it serves over TLS (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private InetSocketAddress https;

    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9113",
            converter = HostPort.class,
            description = "Where its numbers, /healthz and /readyz are (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private InetSocketAddress metrics;

    @Option(
            names = "--protect-metrics",
            paramLabel = "true|false",
            defaultValue = "false",
            arity = "0..1",
            fallbackValue = "true",
            description = "Whether /metrics, too, wants a token, as /linnet/v1/... does wherever that is not loopback"
                    + " (default: ${DEFAULT-VALUE}).")
    private boolean protectMetrics;

    @Option(
            names = "--controller-class",
            paramLabel = "NAME",
            description = "Obey Ingresses of IngressClasses of this controller, instead of k8s.io/ingress-nginx and"
                    + " linnet.dev/gateway. Repeatable.")
    private List<String> controllers = new ArrayList<>();

    @Option(
            names = "--ingress-class",
            paramLabel = "NAME",
            defaultValue = "nginx",
            description =
                    "The value of the annotation kubernetes.io/ingress.class that is ours (default: ${DEFAULT-VALUE}).")
    private String annotationClass = "nginx";

    @Option(
            names = "--watch-ingress-without-class",
            paramLabel = "true|false",
            defaultValue = "false",
            arity = "0..1",
            fallbackValue = "true",
            description = "Obey Ingresses that name no class.")
    private boolean withoutClass;

    @Option(
            names = "--ingress-class-by-name",
            paramLabel = "true|false",
            defaultValue = "false",
            arity = "0..1",
            fallbackValue = "true",
            description = "Obey Ingresses of the IngressClass that is called as --ingress-class says, whoever its"
                    + " controller is.")
    private boolean classByName;

    @Option(
            names = "--disable-catch-all",
            paramLabel = "true|false",
            defaultValue = "false",
            arity = "0..1",
            fallbackValue = "true",
            description =
                    "Do not obey Ingresses with a default backend, which would answer for hosts that nobody names.")
    private boolean disableCatchAll;

    @Option(
            names = "--watch-namespace",
            paramLabel = "NAMESPACE",
            description = "Obey objects of this namespace only, and lead to its Services only (default: of all).")
    private Optional<String> watchNamespace = Optional.empty();

    @Option(
            names = "--configmap",
            paramLabel = "NAMESPACE/NAME",
            description = "The ConfigMap of global options, as ingress-nginx has it. Followed: a change holds at once.")
    private Optional<String> configMap = Optional.empty();

    @Option(
            names = "--default-backend-service",
            paramLabel = "NAMESPACE/NAME",
            description = "The Service, by its first port, that answers what no route answers (default: 404).")
    private Optional<String> defaultBackend = Optional.empty();

    @Option(
            names = "--mesh",
            paramLabel = "NAMESPACE",
            description = "Serve the Services of this namespace that have opted in with linnet.dev/mesh, inside the"
                    + " cluster, rather than anything from outside. The controller starts such gateways.")
    private Optional<String> mesh = Optional.empty();

    @Mixin
    private StatusOptions status = new StatusOptions();

    @Mixin
    private ObservingOptions observing = new ObservingOptions();

    @Option(
            names = "--default-ssl-certificate",
            paramLabel = "NAMESPACE/NAME",
            description =
                    "The Secret of the certificate that hosts without one of their own show (default: a fake one).")
    private Optional<String> certificate = Optional.empty();

    @Option(
            names = "--shutdown-grace-period",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description =
                    "How long it serves on after a signal to stop, while /readyz says that it is not ready, so that load"
                            + " balancers hear of it (default: ${DEFAULT-VALUE}).")
    private int graceSeconds;

    /** Between being asked to stop and stopping. In a cluster of one host, where addresses are handed over, nobody needs it. */
    public Duration shutdownGrace() {
        return Duration.ofSeconds(graceSeconds);
    }

    public InetSocketAddress https() {
        return https;
    }

    public InetSocketAddress http() {
        return http;
    }

    public InetSocketAddress metrics() {
        return metrics;
    }

    /**
     * What it writes into objects, if anything.
     *
     * @param listens where it serves, with port 0 as long as it does not
     */
    Optional<StatusSettings> status(OwnPod pod, Supplier<InetSocketAddress> listens) {
        return mesh.isPresent() ? Optional.empty() : status.settings(pod, listens);
    }

    /** The namespace whose Services it serves inside the cluster, if it does. */
    public Optional<String> mesh() {
        return mesh;
    }

    /**
     * What it obeys.
     *
     * @param environment says in which Pod it runs, if in any
     */
    public FeedSettings follows(Map<String, String> environment) {
        OwnPod pod = OwnPod.of(environment);
        return follows().runningIn(pod.namespace() + "/" + pod.name());
    }

    private FeedSettings follows() {
        if (mesh.isPresent()) {
            return FeedSettings.ofMesh(mesh.get());
        }
        Optional<ObjectRef> options = configMap
                .map(value -> named("--configmap", value))
                .map(parts -> new ObjectRef("ConfigMap", parts[0], parts[1]));
        Optional<ServiceRef> otherwise = defaultBackend
                .map(value -> named("--default-backend-service", value))
                .map(parts -> new ServiceRef(parts[0], parts[1], ServiceRef.FIRST_PORT));
        Optional<SecretRef> usual = certificate
                .map(value -> named("--default-ssl-certificate", value))
                .map(parts -> new SecretRef(parts[0], parts[1]));
        Optional<String> only = watchNamespace.filter(namespace -> !namespace.isEmpty());
        only.ifPresent(namespace -> otherwise
                .filter(service -> !service.namespace().equals(namespace))
                .ifPresent(service -> {
                    throw new UserError("--default-backend-service is \"" + defaultBackend.get()
                            + "\" (expected: a Service of namespace " + namespace
                            + ", the only one that --watch-namespace lets it see)");
                }));
        return new FeedSettings(classes(), options, otherwise, usual, only);
    }

    static String[] named(String option, String value) {
        String[] parts = value.split("/", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw new UserError(option + " is \"" + value + "\" (expected: NAMESPACE/NAME)");
        }
        return parts;
    }

    private ClassSettings classes() {
        Set<String> ours = controllers.isEmpty() ? ClassSettings.DEFAULT.controllers() : new HashSet<>(controllers);
        return new ClassSettings(ours, annotationClass, withoutClass, classByName, !disableCatchAll);
    }

    /**
     * What it is told.
     *
     * @param name which gateway it is among its replicas
     * @param log  what is written of requests, and where, unless an option says so
     * @param env  its environment
     */
    public GatewaySettings settings(
            String name,
            InetSocketAddress serves,
            InetSocketAddress secure,
            InetSocketAddress numbers,
            AccessLogSettings log,
            Map<String, String> env) {
        return GatewaySettings.on(serves)
                .withHttps(secure)
                .withName(name)
                .withMetrics(numbers)
                .withAccess(new OpsAccess(Bearers.NOBODY, protectMetrics))
                .withObserving(observing.settings(controllerClass(), log, env));
    }

    /** The label of metrics names one, and ingress-nginx's is what dashboards look for. */
    private String controllerClass() {
        return controllers.isEmpty() ? "k8s.io/ingress-nginx" : controllers.getFirst();
    }
}
