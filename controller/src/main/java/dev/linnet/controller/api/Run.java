package dev.linnet.controller.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** One release of a Canary: what Flagger's status has no room for. See {@link RunRecord}. */
@Group("linnet.dev")
@Version("v1alpha1")
@Plural("runs")
public final class Run extends CustomResource<JsonNode, JsonNode> implements Namespaced {
    private static final long serialVersionUID = 1;

    /** The label that says whose run it is. */
    public static final String CANARY = "linnet.dev/canary";

    @Override
    protected @Nullable JsonNode initSpec() {
        return null;
    }

    @Override
    protected @Nullable JsonNode initStatus() {
        return null;
    }
}
