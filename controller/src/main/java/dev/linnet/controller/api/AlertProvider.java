package dev.linnet.controller.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** Flagger's AlertProvider. Its spec is read by {@link dev.linnet.manifests.flagger.AlertProviderSpec}. */
@Group("flagger.app")
@Version("v1beta1")
@Plural("alertproviders")
public final class AlertProvider extends CustomResource<JsonNode, JsonNode> implements Namespaced {
    private static final long serialVersionUID = 1;

    @Override
    protected @Nullable JsonNode initSpec() {
        return null;
    }

    @Override
    protected @Nullable JsonNode initStatus() {
        return null;
    }
}
