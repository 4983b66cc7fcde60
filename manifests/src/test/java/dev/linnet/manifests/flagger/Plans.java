package dev.linnet.manifests.flagger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.linnet.rollout.plan.Release;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What Canaries {@code podinfo} of namespace {@code test} ask for. */
final class Plans {
    private Plans() {}

    static Release release(String provider, String service, String analysis) {
        JsonNode spec = yaml("""
                provider: %s
                targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                service:
                %sanalysis:
                %s""".formatted(provider, service.indent(2), analysis.indent(2)));
        try {
            return CanaryReader.read(
                            new ObjectMetaBuilder()
                                    .withName("podinfo")
                                    .withNamespace("test")
                                    .build(),
                            spec,
                            provider)
                    .release();
        } catch (UnreadableCanary e) {
            throw new IllegalArgumentException(e);
        }
    }

    static JsonNode yaml(String text) {
        return new ObjectMapper().valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(text));
    }
}
