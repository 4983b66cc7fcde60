package dev.linnet.controller.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.Seen;
import dev.linnet.controller.workload.Unusable;
import dev.linnet.controller.workload.Writes;
import dev.linnet.manifests.flagger.CanaryIngress;
import dev.linnet.manifests.flagger.ReleaseMark;
import dev.linnet.manifests.flagger.UnreadableCanary;
import dev.linnet.rollout.evidence.Answer;
import dev.linnet.rollout.plan.Match;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.plan.Strategy;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.step.Traffic;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Provider {@code nginx}: a second Ingress with {@code canary-*} annotations, for ingress-nginx and for our gateway alike. */
public final class IngressRoutes implements Routes {
    private final KubernetesClient client;
    private final Release release;
    private final String original;
    private final CanaryIngress wanted;
    private final OwnerReference owner;
    private final ReleaseMark mark;

    /**
     * Routes of one release.
     *
     * @param original the Ingress that callers come through
     * @param wanted   the canary's Ingress
     * @param mark     what that says of what is released together with it
     */
    public IngressRoutes(
            KubernetesClient client,
            Release release,
            String original,
            CanaryIngress wanted,
            OwnerReference owner,
            ReleaseMark mark) {
        this.client = client;
        this.mark = mark;
        this.release = release;
        this.original = original;
        this.wanted = wanted;
        this.owner = owner;
    }

    @Override
    public void ensure(Cookies cookies) throws Unusable, Changed {
        Ingress source = live(original)
                .orElseThrow(() -> new Unusable("ingress " + original + "." + namespace()
                        + " get query error: ingresses" + ".networking.k8s.io \"" + original + "\" not found"));
        Optional<Ingress> canary = live(CanaryIngress.name(original));
        try {
            if (canary.isEmpty()) {
                Ingress made = wanted.create(source, owner);
                mark.putOn(made);
                Writes.create(client, made);
            } else if (!wanted.spec(source).equals(canary.get().getSpec()) || !mark.isOn(canary.get())) {
                Ingress changed = new IngressBuilder(canary.get())
                        .withSpec(wanted.spec(source))
                        .build();
                mark.putOn(changed);
                Writes.replace(client, changed);
            }
        } catch (UnreadableCanary e) {
            throw new Unusable(e.text());
        }
    }

    @Override
    public void route(Traffic traffic, Cookies cookies) throws Unusable, Changed {
        Ingress canary = live(CanaryIngress.name(original)).orElseThrow(this::missing);
        Map<String, String> now =
                Objects.requireNonNullElse(canary.getMetadata().getAnnotations(), Map.<String, String>of());
        Map<String, String> then = wanted.annotations(traffic, audience());
        ObjectNode patch = Writes.nothing();
        ObjectNode annotations = patch.putObject("metadata").putObject("annotations");
        now.forEach((key, value) -> {
            if (wanted.isRouting(key) && !then.containsKey(key)) {
                annotations.putNull(key);
            }
        });
        then.forEach((key, value) -> {
            if (!value.equals(now.get(key))) {
                annotations.put(key, value);
            }
        });
        if (!annotations.isEmpty()) {
            Writes.patch(client, canary, patch);
        }
    }

    @Override
    public Answer.Routes read(Progress progress) {
        Optional<Ingress> canary = live(CanaryIngress.name(original));
        if (canary.isEmpty()) {
            return new Answer.Routes.Unusable(missing().text());
        }
        return wanted.share(canary.get(), !audience().isEmpty())
                .<Answer.Routes>map(share -> new Answer.Routes.Shares(share, false))
                .orElseGet(() -> new Answer.Routes.Unusable("ingress " + CanaryIngress.name(original) + "."
                        + namespace() + " has no canary-weight (expected: 0 to 100)"));
    }

    private Unusable missing() {
        return new Unusable("ingress " + CanaryIngress.name(original) + "." + namespace() + " is missing");
    }

    @Override
    public void revert() throws Unusable, Changed {
        // The original was never changed, and the canary's goes with its owner: until then it leads nobody to Pods that
        // go too.
        if (live(CanaryIngress.name(original)).isPresent()) {
            route(Traffic.ALL_PRIMARY, Cookies.NONE);
        }
    }

    @Override
    public List<HasMetadata> objects() {
        return live(CanaryIngress.name(original)).stream()
                .map(HasMetadata.class::cast)
                .toList();
    }

    @Override
    public Map<String, String> versions() {
        return live(CanaryIngress.name(original))
                .map(canary -> Map.of(
                        "Ingress/" + namespace() + "/" + CanaryIngress.name(original),
                        canary.getMetadata().getResourceVersion()))
                .orElse(Map.of());
    }

    private List<Match> audience() {
        return release.analysis().strategy() instanceof Strategy.AbTest
                ? release.analysis().audience()
                : List.of();
    }

    private String namespace() {
        return release.names().namespace();
    }

    private Optional<Ingress> live(String name) {
        return Seen.or(
                Ingress.class,
                name,
                () -> Optional.ofNullable(client.network()
                        .v1()
                        .ingresses()
                        .inNamespace(namespace())
                        .withName(name)
                        .get()));
    }
}
