package dev.linnet.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.linnet.manifests.endpoints.EndpointResolver;
import dev.linnet.manifests.endpoints.EndpointResolver.Resolution;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.manifests.endpoints.SliceReading;
import dev.linnet.manifests.gatewayapi.GatewayApi;
import dev.linnet.manifests.gatewayapi.GatewayApiObject;
import dev.linnet.manifests.gatewayapi.ListedObjects;
import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.manifests.ingress.IngressTranslator;
import dev.linnet.manifests.istio.IstioObject;
import dev.linnet.manifests.istio.IstioObjects;
import dev.linnet.manifests.istio.ServicePort;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.TrafficPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Each {@code in-x.yaml} under {@code golden} is translated and compared with {@code out-x.yaml} beside it. Ingresses
 * without a class count as ours, except under {@code golden/classes}.
 */
final class GoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    static List<String> inputs() throws IOException {
        return files().stream()
                .filter(file -> file.contains("/in-"))
                .map(file -> file.replaceFirst("\\.yaml$", "").replaceFirst("/in-", "/"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void translatesAsWritten(String name) throws IOException {
        Path in = GOLDEN.resolve(name.replaceFirst("/([^/]*)$", "/in-$1.yaml"));
        Path out = GOLDEN.resolve(name.replaceFirst("/([^/]*)$", "/out-$1.yaml"));
        Manifests manifests = ManifestFiles.read(List.of(in), InputStream.nullInputStream());
        assertThat(manifests.mistakes()).isEmpty();

        String actual = translate(manifests, name.startsWith("classes/"));

        if (!Files.exists(out) || !load(actual).equals(load(Files.readString(out)))) {
            fail("Not what " + out + " says. If this is right, paste it there:\n" + actual);
        }
    }

    @Test
    void usesEachFile() throws IOException {
        List<String> inputs = inputs();
        assertThat(files())
                .allMatch(file -> inputs.stream()
                        .anyMatch(name -> file.equals(side(name, "in-")) || file.equals(side(name, "out-"))));
    }

    private static String side(String name, String side) {
        return name.replaceFirst("/([^/]*)$", "/" + side + "$1.yaml");
    }

    private static String translate(Manifests manifests, boolean needsClass) {
        if (!manifests.istio().isEmpty() || !manifests.gatewayApi().isEmpty()) {
            return ordered(manifests);
        }
        ClassSettings settings = needsClass ? ClassSettings.DEFAULT : ClassSettings.DEFAULT.watchIngressWithoutClass();
        Translation translation =
                IngressTranslator.translate(manifests.ingresses(), manifests.ingressClasses(), settings);
        List<Problem> problems = new ArrayList<>(translation.problems());
        Map<String, List<Endpoint>> endpoints = new LinkedHashMap<>();
        if (!manifests.services().isEmpty()) {
            backends(translation).forEach(ref -> {
                Resolution resolution = resolve(ref, manifests);
                endpoints.put(ref.toString(), resolution.endpoints());
                problems.addAll(resolution.problems());
            });
        }
        return Written.yaml(new Translation(translation.rules(), translation.tls(), problems), endpoints);
    }

    /** What Istio's objects and Gateway API's say, outside and for each port of the Services that are in the mesh. */
    private static String ordered(Manifests manifests) {
        ListedObjects view = new ListedObjects(ServiceReading.byName(manifests.services()), Map.of());
        IstioObjects istio = new IstioObjects(IstioObject.all(manifests.istio()));
        GatewayApi gatewayApi = GatewayApi.ofFiles(GatewayApiObject.all(manifests.gatewayApi()));
        List<ServicePort> inside = view.services().values().stream()
                .filter(service -> view.isInMesh(service.name()))
                .flatMap(service -> service.ports().stream()
                        .map(port -> new ServicePort(
                                service.name().namespace(), service.name().name(), port.number())))
                .sorted(Comparator.comparing(ServicePort::ruleHost))
                .toList();
        List<Rule> rules = new ArrayList<>();
        istio.edge().rules().values().forEach(rules::addAll);
        gatewayApi.edge(view).rules().values().forEach(rules::addAll);
        for (ServicePort port : inside) {
            gatewayApi.mesh(List.of(port), view).rules().values().forEach(rules::addAll);
            istio.mesh(List.of(port)).rules().values().forEach(rules::addAll);
        }
        List<Problem> problems = Stream.of(
                        istio.edge().problems(),
                        istio.mesh(inside).problems(),
                        gatewayApi.edge(view).problems())
                .flatMap(List::stream)
                .distinct()
                .toList();
        Map<String, TrafficPolicy> policies = new TreeMap<>();
        Translation translation = new Translation(rules, List.of(), problems);
        backends(translation).forEach(ref -> {
            OptionalInt port = view.service(ServiceName.of(ref)).flatMap(reading -> reading.port(ref.port())).stream()
                    .mapToInt(ServiceReading.Port::number)
                    .findFirst();
            TrafficPolicy policy = istio.policies(Optional.empty()).of(ref, port);
            if (!policy.equals(TrafficPolicy.NONE)) {
                policies.put(ref.toString(), policy);
            }
        });
        return Written.yaml(translation, Map.of(), policies);
    }

    private static Stream<ServiceRef> backends(Translation translation) {
        return translation.rules().stream()
                .flatMap(rule -> Stream.concat(
                        Stream.of(rule.primary()), rule.canaries().stream().map(side -> side.backend())))
                .distinct();
    }

    private static Resolution resolve(ServiceRef ref, Manifests manifests) {
        ServiceName name = ServiceName.of(ref);
        Optional<ServiceReading> service = manifests.services().stream()
                .map(ServiceReading::of)
                .filter(reading -> reading.name().equals(name))
                .findFirst();
        List<SliceReading> slices = SliceReading.all(manifests.endpointSlices()).stream()
                .filter(slice -> slice.service().equals(name))
                .toList();
        return EndpointResolver.resolve(ref, service, slices).at(List.of("192.0.2.1")); // whatever name is asked
    }

    private static Object load(String yaml) {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    }

    private static List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(GOLDEN)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> GOLDEN.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
