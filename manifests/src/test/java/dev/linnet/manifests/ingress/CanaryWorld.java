package dev.linnet.manifests.ingress;

import dev.linnet.manifests.Translation;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.CanarySide;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackend;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackendBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ingresses of one namespace, each younger than the one before, and what is made of them. */
final class CanaryWorld {
    static final String HOST = "example.com";

    private final List<Ingress> all = new ArrayList<>();

    void primary(String name, String path, String service) {
        add(name, path, service);
    }

    void canary(String name, String path, String service, String... annotations) {
        List<String> marks = new ArrayList<>(List.of("canary", "true"));
        marks.addAll(List.of(annotations));
        add(name, path, service, marks.toArray(String[]::new));
    }

    void add(String name, String path, String service, String... annotations) {
        all.add(ingress(name, path, service, annotations));
    }

    void add(Ingress ingress) {
        all.add(ingress);
    }

    /** The younger, the later it is added. */
    Ingress ingress(String name, String path, String service, String... annotations) {
        return new IngressBuilder(bare(name, annotations))
                .editSpec()
                .addNewRule()
                .withHost(HOST)
                .withNewHttp()
                .addNewPath()
                .withPath(path)
                .withPathType("Prefix")
                .withBackend(backend(service))
                .endPath()
                .endHttp()
                .endRule()
                .endSpec()
                .build();
    }

    Ingress defaultBackend(String name, String service, String... annotations) {
        return new IngressBuilder(bare(name, annotations))
                .editSpec()
                .withDefaultBackend(backend(service))
                .endSpec()
                .build();
    }

    private Ingress bare(String name, String... annotations) {
        Map<String, String> marks = new HashMap<>();
        for (int i = 0; i < annotations.length; i += 2) {
            String key = annotations[i].contains("/") ? annotations[i] : Annotations.PREFIX + annotations[i];
            marks.put(key, annotations[i + 1]);
        }
        return new IngressBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .withCreationTimestamp("2026-01-01T00:00:%02dZ".formatted(all.size()))
                .withAnnotations(marks)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
    }

    private static IngressBackend backend(String service) {
        return new IngressBackendBuilder()
                .withNewService()
                .withName(service)
                .withNewPort()
                .withNumber(80)
                .endPort()
                .endService()
                .build();
    }

    Translation translation() {
        return IngressTranslator.translate(all, List.of(), ClassSettings.DEFAULT.watchIngressWithoutClass());
    }

    List<String> routes() {
        return translation().rules().stream()
                .map(rule -> rule.path().path() + " → " + rule.primary().name())
                .sorted()
                .toList();
    }

    Rule rule(String path) {
        return translation().rules().stream()
                .filter(rule -> rule.path().path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    CanarySide side(String path) {
        return rule(path).canaries().getFirst();
    }

    List<String> canaries(String path) {
        return rule(path).canaries().stream().map(side -> side.backend().name()).toList();
    }

    List<String> problems() {
        return translation().problems().stream()
                .map(problem -> problem.reason() + " " + problem)
                .toList();
    }
}
