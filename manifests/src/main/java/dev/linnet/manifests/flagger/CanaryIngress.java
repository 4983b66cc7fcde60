package dev.linnet.manifests.flagger;

import dev.linnet.rollout.plan.Match;
import dev.linnet.rollout.plan.Match.Text.Kind;
import dev.linnet.rollout.plan.Names;
import dev.linnet.rollout.step.Traffic;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.IngressSpec;
import io.fabric8.kubernetes.api.model.networking.v1.IngressSpecBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The Ingress by which an ingress-nginx compatible data plane sends requests to the canary: the original's copy, with another Service and the
 * {@code canary-*} annotations. The original is never touched.
 *
 * @param names  of the release
 * @param prefix of the annotations: {@code nginx.ingress.kubernetes.io}
 */
public record CanaryIngress(Names names, String prefix) {
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    /**
     * The first one, which gets no requests yet.
     *
     * @throws UnreadableCanary when the original does not route to the release's Service
     */
    public Ingress create(Ingress original, OwnerReference owner) throws UnreadableCanary {
        Map<String, String> annotations = new TreeMap<>();
        annotations(original).forEach((key, value) -> {
            if (!key.equals(LAST_APPLIED) && !key.startsWith(prefix + "/canary")) {
                annotations.put(key, value);
            }
        });
        annotations.put(prefix + "/canary", "true");
        annotations.put(prefix + "/canary-weight", "0");
        return new IngressBuilder()
                .withNewMetadata()
                .withName(name(original.getMetadata().getName()))
                .withNamespace(names.namespace())
                .withLabels(original.getMetadata().getLabels())
                .withAnnotations(Ownership.leftAlone(annotations))
                .withOwnerReferences(owner)
                .endMetadata()
                .withSpec(spec(original))
                .build();
    }

    /** How the canary's Ingress is called. */
    public static String name(String original) {
        return original + "-canary";
    }

    /**
     * What its spec should be.
     *
     * @throws UnreadableCanary when the original does not route to the release's Service
     */
    public IngressSpec spec(Ingress original) throws UnreadableCanary {
        IngressSpec copy = new IngressSpecBuilder(original.getSpec()).build();
        boolean found = false;
        for (IngressRule rule : Objects.requireNonNullElse(copy.getRules(), List.<IngressRule>of())) {
            if (rule.getHttp() == null) {
                continue;
            }
            for (HTTPIngressPath path : rule.getHttp().getPaths()) {
                if (path.getBackend().getService() != null
                        && names.service().equals(path.getBackend().getService().getName())) {
                    path.getBackend().getService().setName(names.service() + "-canary");
                    found = true;
                }
            }
        }
        if (!found) {
            throw new UnreadableCanary("backend " + names.service() + " not found in ingress "
                    + original.getMetadata().getName());
        }
        return copy;
    }

    /** The {@code canary-*} annotations that make the data plane route so; those that are not among them must be absent. */
    public Map<String, String> annotations(Traffic traffic, List<Match> audience) {
        Map<String, String> annotations = new HashMap<>();
        annotations.put(prefix + "/canary", "true");
        switch (traffic) {
            case Traffic.Split split -> annotations.put(prefix + "/canary-weight", Integer.toString(split.canary()));
            case Traffic.Audience _ -> {
                annotations.put(prefix + "/canary-weight", "0");
                audience.forEach(match -> add(match, annotations));
            }
            case Traffic.Mirrored _ ->
                throw new IllegalArgumentException("nginx does not mirror (expected: a plan that was checked)");
        }
        return annotations;
    }

    private void add(Match match, Map<String, String> annotations) {
        match.headers().forEach((name, text) -> {
            if (name.equals("cookie")) {
                annotations.put(prefix + "/canary-by-cookie", text.value());
                return;
            }
            annotations.put(prefix + "/canary-by-header", name);
            if (text.kind() == Kind.EXACT) {
                annotations.put(prefix + "/canary-by-header-value", text.value());
            } else {
                annotations.put(prefix + "/canary-by-header-pattern", pattern(text));
            }
        });
    }

    private static String pattern(Match.Text text) {
        return switch (text.kind()) {
            case PREFIX -> "^\\Q" + text.value() + "\\E";
            case SUFFIX -> "\\Q" + text.value() + "\\E$";
            case EXACT, REGEX -> text.value();
        };
    }

    /** The canary's share that its Ingress says: 100 while an audience is sent there; empty when it says nothing sensible. */
    public Optional<Integer> share(Ingress canary, boolean hasAudience) {
        Map<String, String> annotations = annotations(canary);
        if (hasAudience
                && (annotations.containsKey(prefix + "/canary-by-header")
                        || annotations.containsKey(prefix + "/canary-by-cookie"))) {
            return Optional.of(100);
        }
        try {
            int share = Integer.parseInt(annotations.getOrDefault(prefix + "/canary-weight", ""));
            return share >= 0 && share <= 100 ? Optional.of(share) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether an annotation says which requests meet the canary. */
    public boolean isRouting(String key) {
        return key.equals(prefix + "/canary")
                || key.startsWith(prefix + "/canary-by-")
                || key.equals(prefix + "/canary-weight");
    }

    private static Map<String, String> annotations(Ingress ingress) {
        return Objects.requireNonNullElse(ingress.getMetadata().getAnnotations(), Map.of());
    }
}
