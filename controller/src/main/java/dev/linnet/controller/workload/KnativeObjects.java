package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.KnativeService;
import dev.linnet.manifests.flagger.WeightedRoute.Kind;
import dev.linnet.rollout.plan.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** The Knative Service of a release and its revisions, as the API server has them. */
public final class KnativeObjects {
    private static final Kind REVISION =
            new Kind(KnativeService.GROUP, KnativeService.VERSION, "Revision", "revisions");

    private final KubernetesClient client;
    private final Names names;

    public KnativeObjects(KubernetesClient client, Names names) {
        this.client = client;
        this.names = names;
    }

    /** Whether a cluster has Knative's kinds. */
    private static boolean areKnown(KubernetesClient client) {
        return client.supports(KnativeService.API_VERSION, "Service");
    }

    /** The target, if there is one. */
    public Optional<KnativeService> service() {
        return live(KnativeService.KIND, names.target()).map(KnativeService::new);
    }

    /** The target, which must be there. */
    public KnativeService target() throws Unusable {
        return service().orElseThrow(this::missing);
    }

    private Unusable missing() {
        String why = areKnown(client)
                ? "services." + KnativeService.GROUP + " \"" + names.target() + "\" not found"
                : "this cluster has no Services of " + KnativeService.API_VERSION
                        + " (expected: Knative Serving, which is not installed)";
        return new Unusable("Knative Service " + names.targetInNamespace() + " get query error: " + why);
    }

    Optional<GenericKubernetesResource> revision(String name) {
        return live(REVISION, name);
    }

    private Optional<GenericKubernetesResource> live(Kind kind, String name) {
        return OptionalKinds.find(client, kind, names.namespace(), name);
    }
}
