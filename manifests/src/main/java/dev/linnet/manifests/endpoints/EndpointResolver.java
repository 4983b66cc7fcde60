package dev.linnet.manifests.endpoints;

import dev.linnet.manifests.endpoints.ServiceReading.Kind;
import dev.linnet.manifests.endpoints.ServiceReading.Port;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Addresses;
import dev.linnet.routing.policy.Scheduler;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which addresses serve a port of a Service (spec of ingress-nginx, §3.3). */
public final class EndpointResolver {
    private static final Comparator<Endpoint> BY_ADDRESS =
            Comparator.comparing(Endpoint::address).thenComparingInt(Endpoint::port);

    private static final int LONGEST_NAME = 253;
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern LOOPBACK = Pattern.compile("127\\.[0-9]+\\.[0-9]+\\.[0-9]+|0\\.0\\.0\\.0");
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

    /**
     * Endpoints in a fixed order, so that equal sets are equal lists.
     *
     * @param external  where they have to be looked for instead, if the Service says so
     * @param scheduler how one is chosen where a route does not say
     * @param problems  what is wrong with the Service. A missing one is no problem: it may be on its way.
     */
    public record Resolution(
            List<Endpoint> endpoints, Optional<External> external, Scheduler scheduler, List<Problem> problems) {
        private static final Resolution NONE = new Resolution(List.of(), Optional.empty(), Scheduler.RR, List.of());

        public Resolution {
            endpoints = List.copyOf(endpoints);
            problems = List.copyOf(problems);
        }

        /** With only those endpoints. */
        public Resolution only(Predicate<Endpoint> wanted) {
            return new Resolution(endpoints.stream().filter(wanted).toList(), external, scheduler, problems);
        }

        /** With what was found under the name. */
        public Resolution at(List<String> addresses) {
            return external.isEmpty()
                    ? this
                    : new Resolution(external.get().at(addresses), external, scheduler, problems);
        }
    }

    /** A name outside of the cluster. */
    public record External(String host, int port) {
        List<Endpoint> at(List<String> addresses) {
            return addresses.stream()
                    .map(address -> new Endpoint(address, port, ""))
                    .sorted(BY_ADDRESS)
                    .toList();
        }
    }

    private final ServiceRef ref;
    private final ServiceReading service;
    private final Collection<SliceReading> slices;
    private final List<Problem> problems = new ArrayList<>();

    private EndpointResolver(ServiceRef ref, ServiceReading service, Collection<SliceReading> slices) {
        this.ref = ref;
        this.service = service;
        this.slices = slices;
    }

    public static Resolution resolve(
            ServiceRef ref, Optional<ServiceReading> service, Collection<SliceReading> slices) {
        return service.map(found -> new EndpointResolver(ref, found, slices).resolution())
                .orElse(Resolution.NONE);
    }

    private Resolution resolution() {
        Scheduler scheduler = scheduler();
        Optional<External> external =
                service.kind() instanceof Kind.External(String host) ? external(host) : Optional.empty();
        List<Endpoint> endpoints = switch (service.kind()) {
            case Kind.External _ -> List.of();
            case Kind.Address(String address)
            when ref.whole() ->
                port().map(port -> List.of(new Endpoint(address, port.number(), "")))
                        .orElseGet(List::of);
            case Kind.Address _, Kind.Headless _ -> pods();
        };
        return new Resolution(endpoints, external, scheduler, problems);
    }

    private Scheduler scheduler() {
        Optional<Scheduler> named = Scheduler.named(service.loadBalance());
        if (named.isEmpty() && !service.loadBalance().isEmpty()) {
            List<String> names =
                    Stream.of(Scheduler.values()).map(Scheduler::spelled).toList();
            problem(
                    Reason.BAD_ANNOTATION,
                    "metadata.annotations[linnet.dev/load-balance]",
                    "is \"" + service.loadBalance() + "\" (expected: one of " + String.join(", ", names) + ")");
        }
        return named.orElse(Scheduler.RR);
    }

    private List<Endpoint> pods() {
        if (ref.whole()) {
            problem(
                    Reason.BAD_SERVICE,
                    "spec.clusterIP",
                    "is None, so requests go to the Pods (expected: an address, for the Ingresses that ask for"
                            + " service-upstream)");
        }
        return port().map(port -> endpoints(port, slices)).orElseGet(List::of);
    }

    private Optional<Port> port() {
        Optional<Port> port = service.port(ref.port());
        if (port.isEmpty()) {
            problem(Reason.BAD_SERVICE, "spec.ports", noSuchPort(ref, service));
        }
        return port;
    }

    /** The name as the Service spells it, and the port of what is behind it: only here a Service may do without ports. */
    private Optional<External> external(String spelled) {
        String host = spelled.endsWith(".") ? spelled.substring(0, spelled.length() - 1) : spelled;
        if (!isName(host)) {
            problem(Reason.BAD_SERVICE, "spec.externalName", "is \"" + spelled + "\" (expected: a DNS name)");
            return Optional.empty();
        }
        if (isThisMachine(host)) {
            problem(
                    Reason.BAD_SERVICE,
                    "spec.externalName",
                    "is \"" + spelled + "\", which is the gateway itself (expected: a name of another machine)");
            return Optional.empty();
        }
        OptionalInt number = service.ports().isEmpty()
                ? number(ref.port())
                : port().map(EndpointResolver::externalPort).orElseGet(OptionalInt::empty);
        if (number.isEmpty() && service.ports().isEmpty()) {
            problem(Reason.BAD_SERVICE, "spec.ports", noSuchPort(ref, service));
        }
        return number.isPresent() ? Optional.of(new External(host, number.getAsInt())) : Optional.empty();
    }

    /** Whether a text can be looked up. */
    public static boolean isName(String host) {
        return host.length() <= LONGEST_NAME && NAME.matcher(host).matches();
    }

    /** Whether a name or address means the machine that the gateway is on: what listens there only for itself must not be asked. */
    public static boolean isThisMachine(String host) {
        Optional<byte[]> literal = Addresses.parse(host);
        if (literal.isPresent()) {
            InetAddress address = InetAddress.ofLiteral(Addresses.text(literal.get()));
            return address.isLoopbackAddress() || address.isAnyLocalAddress();
        }
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || LOOPBACK.matcher(host).matches();
    }

    private static OptionalInt externalPort(Port port) {
        OptionalInt target = number(port.target());
        return target.isPresent() ? target : OptionalInt.of(port.number());
    }

    private static OptionalInt number(String port) {
        return PORT.matcher(port).matches() ? OptionalInt.of(Integer.parseInt(port)) : OptionalInt.empty();
    }

    private void problem(Reason reason, String path, String message) {
        problems.add(new Problem(new ObjectRef("Service", ref.namespace(), ref.name()), reason, path, message));
    }

    private static String noSuchPort(ServiceRef ref, ServiceReading service) {
        List<String> ports = service.ports().stream().map(Port::toString).toList();
        if (ports.isEmpty()) {
            return "has no TCP port (expected: \"" + ref.port() + "\", for which Ingresses ask)";
        }
        return "has no TCP port \"" + ref.port() + "\" for the Ingresses that ask for it (expected: one of "
                + String.join(", ", ports) + ")";
    }

    private static List<Endpoint> endpoints(Port port, Collection<SliceReading> slices) {
        Map<String, Endpoint> byAddress = new LinkedHashMap<>();
        for (SliceReading slice : slices) {
            numbers(port, slice)
                    .forEach(number -> slice.ready().forEach(address -> {
                        Endpoint endpoint = new Endpoint(address.ip(), number, address.pod());
                        byAddress.merge(endpoint.toString(), endpoint, EndpointResolver::better);
                    }));
        }
        return byAddress.values().stream().sorted(BY_ADDRESS).toList();
    }

    /** Of two slices that hold the same address, the one that knows its Pod. */
    private static Endpoint better(Endpoint one, Endpoint other) {
        return one.pod().isEmpty() ? other : one;
    }

    private static IntStream numbers(Port port, SliceReading slice) {
        int[] named = slice.ports().stream()
                .filter(candidate -> port.name().isEmpty() || candidate.name().equals(port.name()))
                .mapToInt(SliceReading.Port::number)
                .toArray();
        return named.length > 0 ? IntStream.of(named) : numericTarget(port);
    }

    private static IntStream numericTarget(Port port) {
        boolean numeric = !port.target().isEmpty() && port.target().chars().allMatch(c -> c >= '0' && c <= '9');
        return numeric ? IntStream.of(Integer.parseInt(port.target())) : IntStream.empty();
    }
}
