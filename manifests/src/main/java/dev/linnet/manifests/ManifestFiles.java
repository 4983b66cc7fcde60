package dev.linnet.manifests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads manifests from files as {@code kubectl apply} would: YAML or JSON, several documents per file, {@code kind: List},
 * whole directories. Ingresses of old API versions become those of networking.k8s.io/v1.
 *
 * <p>Never throws for what a file contains: each document that cannot be used is a {@link Mistake}, the others count.
 */
public final class ManifestFiles {
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.ofEntries(
            Map.entry("networking.k8s.io/v1 Ingress", Ingress.class),
            Map.entry("networking.k8s.io/v1 IngressClass", IngressClass.class),
            Map.entry("networking.k8s.io/v1beta1 IngressClass", IngressClass.class),
            Map.entry("v1 ConfigMap", ConfigMap.class),
            Map.entry("v1 Pod", GenericKubernetesResource.class),
            Map.entry("v1 Service", Service.class),
            Map.entry(
                    "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration", GenericKubernetesResource.class),
            Map.entry("discovery.k8s.io/v1 EndpointSlice", EndpointSlice.class),
            Map.entry("flagger.app/v1beta1 Canary", GenericKubernetesResource.class),
            Map.entry("flagger.app/v1beta1 MetricTemplate", GenericKubernetesResource.class));

    /** Kinds that exist in one API only, so that another apiVersion is a mistake and not a stranger's kind. */
    private static final Map<String, String> EXPECTED =
            Map.of("Ingress", "networking.k8s.io/v1", "EndpointSlice", "discovery.k8s.io/v1");

    private static final ObjectMapper MAPPER = mapper();

    private final String file;
    private final List<HasMetadata> objects = new ArrayList<>();
    private final List<Mistake> mistakes = new ArrayList<>();

    private ManifestFiles(String file) {
        this.file = file;
    }

    /** As the API server does, takes no number or boolean where text belongs, nor the other way round. */
    private static ObjectMapper mapper() {
        return JsonMapper.builder()
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .withCoercionConfig(
                        LogicalType.Textual,
                        config -> config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail))
                .build();
    }

    /**
     * Reads files, and of directories each {@code .yaml}, {@code .yml} and {@code .json}, in alphabetical order.
     *
     * @param standardInput read where a path is {@link ManifestTexts#STANDARD_INPUT}
     */
    public static Manifests read(Collection<Path> paths, InputStream standardInput) {
        ManifestTexts found = ManifestTexts.read(paths, standardInput);
        List<HasMetadata> objects = new ArrayList<>();
        List<Mistake> mistakes = new ArrayList<>(found.mistakes());
        for (ManifestTexts.Text text : found.texts()) {
            Manifests manifests = parse(text.file(), text.content());
            objects.addAll(manifests.objects());
            mistakes.addAll(manifests.mistakes());
        }
        return new Manifests(objects, mistakes);
    }

    /** Reads the text of one file; {@code file} is how mistakes call it. */
    public static Manifests parse(String file, String text) {
        ManifestFiles reader = new ManifestFiles(file);
        reader.documents(text);
        return new Manifests(reader.objects, reader.mistakes);
    }

    private void documents(String text) {
        int document = 1;
        try {
            Iterator<Node> nodes = new Yaml(new LoaderOptions())
                    .composeAll(new StringReader(text))
                    .iterator();
            for (; nodes.hasNext(); document++) {
                document(document, new LocatedYaml(nodes.next()));
            }
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            mistakes.add(new Mistake(file, document, line, "is no YAML: " + e.getProblem()));
        } catch (YAMLException e) {
            mistakes.add(new Mistake(file, document, 0, "is no YAML: " + e.getMessage()));
        }
    }

    private void document(int document, LocatedYaml yaml) {
        if (yaml.root().isNull()) {
            return; // Nothing between two separators, or only comments.
        }
        if (yaml.root().path("kind").asText().equals("List")) {
            JsonNode items = yaml.root().path("items");
            for (int i = 0; i < items.size(); i++) {
                object(document, yaml, items.get(i), "/items/" + i);
            }
            return;
        }
        object(document, yaml, yaml.root(), "");
    }

    private void object(int document, LocatedYaml yaml, JsonNode node, String pointer) {
        Source source = new Source(document, yaml, pointer);
        String apiVersion = node.path("apiVersion").asText();
        String kind = node.path("kind").asText();
        if (!(node instanceof ObjectNode object) || kind.isEmpty() || apiVersion.isEmpty()) {
            mistake(source, "", "is no Kubernetes object (expected: apiVersion and kind)");
            return;
        }
        if (LegacyIngress.isLegacy(object)) {
            LegacyIngress.toV1(object);
            apiVersion = object.path("apiVersion").asText();
        }
        Optional<Class<? extends HasMetadata>> type =
                Manifests.isOfGatewayApi(apiVersion) || apiVersion.startsWith(Manifests.ISTIO)
                        ? Optional.of(GenericKubernetesResource.class)
                        : Optional.ofNullable(KINDS.get(apiVersion + " " + kind));
        if (type.isPresent()) {
            convert(source, object, type.get());
        } else if (EXPECTED.containsKey(kind)) {
            mistake(
                    source,
                    "/apiVersion",
                    "apiVersion of " + kind + " is " + apiVersion + " (expected: " + EXPECTED.get(kind) + ")");
        }
    }

    private void convert(Source source, ObjectNode object, Class<? extends HasMetadata> type) {
        if (object.path("metadata").path("name").asText().isEmpty()) {
            mistake(
                    source,
                    "/metadata",
                    "metadata.name is missing (expected: the name of the "
                            + object.path("kind").asText() + ")");
            return;
        }
        try {
            HasMetadata resource = MAPPER.treeToValue(object, type);
            if (resource.getMetadata().getNamespace() == null && !type.equals(IngressClass.class)) {
                resource.getMetadata().setNamespace("default");
            }
            objects.add(resource);
        } catch (JsonMappingException e) {
            Mismatch mismatch = Mismatch.of(e);
            mistake(source, mismatch.pointer(), mismatch.describe(object));
        } catch (JsonProcessingException e) {
            mistake(source, "", "cannot be understood: " + e.getOriginalMessage());
        }
    }

    private void mistake(Source source, String pointer, String message) {
        int line = source.yaml.line(source.pointer + pointer);
        mistakes.add(new Mistake(file, source.document, line, message));
    }

    /** Where an object stands. */
    private record Source(int document, LocatedYaml yaml, String pointer) {}
}
