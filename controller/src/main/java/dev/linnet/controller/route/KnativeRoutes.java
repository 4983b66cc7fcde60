package dev.linnet.controller.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.KnativeObjects;
import dev.linnet.controller.workload.Unusable;
import dev.linnet.controller.workload.Writes;
import dev.linnet.manifests.flagger.KnativeService;
import dev.linnet.rollout.evidence.Answer;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.step.Traffic;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Provider {@code knative}: the target's own {@code spec.traffic} deals the requests to its newest revision and to the primary's. */
public final class KnativeRoutes implements Routes {
    private final KubernetesClient client;
    private final Names names;
    private final KnativeObjects objects;

    public KnativeRoutes(KubernetesClient client, Names names) {
        this.client = client;
        this.names = names;
        this.objects = new KnativeObjects(client, names);
    }

    @Override
    public void ensure(Cookies cookies) {
        // It is the target's: there is nothing to make.
    }

    /** Nobody is told apart, and nothing mirrored: plans that want it are refused. */
    @Override
    public void route(Traffic traffic, Cookies cookies) throws Unusable, Changed {
        KnativeService target = objects.target();
        write(target, target.withTraffic(target.primary().orElseThrow(this::unmarked), traffic.canary()));
    }

    private void write(KnativeService target, ObjectNode patch) throws Changed {
        if (!patch.isEmpty()) {
            Writes.patch(client, target.object(), patch);
        }
    }

    private Unusable unmarked() {
        return new Unusable("Knative Service " + names.targetInNamespace() + " annotation not found (expected: "
                + KnativeService.PRIMARY + ", the name of a revision)");
    }

    @Override
    public Answer.Routes read(Progress progress) {
        try {
            KnativeService target = objects.target();
            Optional<String> lag = target.lag();
            return lag.isPresent()
                    ? new Answer.Routes.Unusable("Knative Service " + names.targetInNamespace()
                            + " does not route as its spec.traffic says: " + lag.get())
                    : new Answer.Routes.Shares(target.canaryShare(), false);
        } catch (Unusable e) {
            return new Answer.Routes.Unusable(e.text());
        }
    }

    @Override
    public void revert() throws Changed {
        Optional<KnativeService> target = objects.service();
        if (target.isPresent()) {
            write(target.get(), target.get().released());
        }
    }

    @Override
    public List<Followed> followed() {
        return List.of(new Followed(KnativeService.KIND, names.target()));
    }

    /** None that gateways of ours would obey. */
    @Override
    public Map<String, String> versions() {
        return Map.of();
    }
}
