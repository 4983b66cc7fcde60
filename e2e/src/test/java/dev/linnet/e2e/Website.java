package dev.linnet.e2e;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A kind of the tests' own, with a class for it, as operators have theirs. The clients need it public, with a constructor without arguments. */
@Group("e2e.linnet.dev")
@Version("v1")
public final class Website extends CustomResource<Website.Spec, Website.Status> implements Namespaced {
    private static final long serialVersionUID = 1;

    /** What its author asks for. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static final class Spec {
        public @Nullable String greeting;
        public @Nullable Integer replicas;
    }

    /** What its operator found. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static final class Status {
        public @Nullable Long observedGeneration;
        public @Nullable Integer replicas;
        public @Nullable String message;
    }

    static Website named(String name, String greeting) {
        Website website = new Website();
        website.setMetadata(new ObjectMetaBuilder().withName(name).build());
        Spec spec = new Spec();
        spec.greeting = greeting;
        website.setSpec(spec);
        return website;
    }

    /** Declares the kind. It stays: another test may use it at the same time. */
    static void define(KubernetesClient client) {
        HasMetadata definition = client.load(new ByteArrayInputStream(
                        Manifests.read("website-crd.yaml", Map.of()).getBytes(StandardCharsets.UTF_8)))
                .items()
                .getFirst();
        client.resource(definition).serverSideApply();
        client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(definition.getMetadata().getName())
                .waitUntilCondition(Website::isEstablished, 30, TimeUnit.SECONDS);
    }

    private static boolean isEstablished(@Nullable CustomResourceDefinition live) {
        return live != null
                && live.getStatus() != null
                && live.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
    }
}
