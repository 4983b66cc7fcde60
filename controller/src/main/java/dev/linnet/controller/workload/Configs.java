package dev.linnet.controller.workload;

import dev.linnet.manifests.flagger.ConfigRef;
import dev.linnet.manifests.flagger.ConfigRef.Kind;
import dev.linnet.manifests.flagger.ConfigRefs;
import dev.linnet.manifests.flagger.Ownership;
import dev.linnet.manifests.flagger.Revisions;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The ConfigMaps and Secrets that a target reads: they belong to its version, and the primary has its own copies, so that a change of one is
 * released as a change of the template is.
 */
final class Configs {
    private static final String TRACKING = "flagger.app/config-tracking";
    private static final Set<String> TYPES =
            Set.of("Opaque", "kubernetes.io/basic-auth", "kubernetes.io/ssh-auth", "kubernetes.io/tls");

    private final KubernetesClient client;
    private final String namespace;
    private final OwnerReference owner;
    private final Deployments.Settings settings;

    Configs(KubernetesClient client, String namespace, OwnerReference owner, Deployments.Settings settings) {
        this.client = client;
        this.namespace = namespace;
        this.owner = owner;
        this.settings = settings;
    }

    /** Those that count: not switched off, of a type that holds settings, and there. By {@link ConfigRef#key}, each read once. */
    private Map<String, HasMetadata> tracked(PodSpec pods) throws Unusable {
        Map<String, HasMetadata> tracked = new TreeMap<>();
        if (settings.tracksConfigs()) {
            for (ConfigRef ref : ConfigRefs.of(pods)) {
                Optional<HasMetadata> live = live(ref).filter(Configs::counts);
                if (live.isPresent()) {
                    tracked.put(ref.key(), live.get());
                }
            }
        }
        return tracked;
    }

    /** The primary's copies that there are. */
    List<HasMetadata> copies(PodSpec pods) {
        List<HasMetadata> copies = new ArrayList<>();
        for (ConfigRef ref : ConfigRefs.of(pods)) {
            read(ref.kind(), ref.name() + "-primary").ifPresent(copies::add);
        }
        return copies;
    }

    /** Which those are. */
    Set<String> keys(PodSpec pods) throws Unusable {
        return tracked(pods).keySet();
    }

    /** Their fingerprints. */
    Map<String, String> checksums(PodSpec pods) throws Unusable {
        Map<String, String> checksums = new TreeMap<>();
        tracked(pods).forEach((key, config) -> checksums.put(key, Revisions.ofConfig(content(config))));
        return checksums;
    }

    /** Binary data too, which Flagger forgets. */
    private static Object content(HasMetadata config) {
        if (config instanceof ConfigMap map) {
            return Arrays.asList(map.getData(), map.getBinaryData());
        }
        return Arrays.asList(((Secret) config).getData());
    }

    /**
     * Writes the primary's copies.
     *
     * @return of which, by {@link ConfigRef#key}
     */
    Set<String> copy(PodSpec pods) throws Unusable, Changed {
        Map<String, HasMetadata> tracked = tracked(pods);
        for (HasMetadata config : tracked.values()) {
            write(copyOf(config));
        }
        return tracked.keySet();
    }

    private HasMetadata copyOf(HasMetadata config) {
        ObjectMeta metadata = new ObjectMetaBuilder()
                .withName(config.getMetadata().getName() + "-primary")
                .withNamespace(namespace)
                .withLabels(Ownership.kept(config.getMetadata().getLabels(), settings.labelPrefixes()))
                .withOwnerReferences(owner)
                .build();
        if (config instanceof ConfigMap map) {
            return new ConfigMapBuilder(map)
                    .withMetadata(metadata)
                    .withImmutable(null)
                    .build();
        }
        return new SecretBuilder((Secret) config)
                .withMetadata(metadata)
                .withImmutable(null)
                .build();
    }

    private void write(HasMetadata copy) throws Changed {
        HasMetadata live = client.resource(copy).get();
        if (live == null) {
            Writes.create(client, copy);
        } else if (!isLike(live, copy)) {
            copy.getMetadata().setResourceVersion(live.getMetadata().getResourceVersion());
            copy.getMetadata().setOwnerReferences(owners(live));
            Writes.replace(client, copy);
        }
    }

    /** One that another Canary has made goes with that one, unless it is ours too. */
    private boolean isLike(HasMetadata live, HasMetadata copy) {
        return content(live).equals(content(copy))
                && Objects.requireNonNullElse(live.getMetadata().getLabels(), Map.of())
                        .equals(copy.getMetadata().getLabels())
                && ownersOf(live).stream().anyMatch(other -> other.getUid().equals(owner.getUid()));
    }

    private static List<OwnerReference> ownersOf(HasMetadata live) {
        return Objects.requireNonNullElse(live.getMetadata().getOwnerReferences(), List.of());
    }

    /** Several Canaries can share a config: the others stay owners, and this one is the one that controls it. */
    private List<OwnerReference> owners(HasMetadata live) {
        List<OwnerReference> owners = new ArrayList<>(List.of(owner));
        ownersOf(live).stream()
                .filter(other -> !other.getUid().equals(owner.getUid()))
                .forEach(other -> {
                    other.setController(false);
                    owners.add(other);
                });
        return owners;
    }

    private Optional<HasMetadata> live(ConfigRef ref) throws Unusable {
        Optional<HasMetadata> live = read(ref.kind(), ref.name());
        if (live.isEmpty() && !ref.optional()) {
            throw new Unusable(
                    ref.key() + " of namespace " + namespace + " is missing (expected: what the target reads)");
        }
        return live;
    }

    private Optional<HasMetadata> read(Kind kind, String name) {
        return Optional.ofNullable(
                kind == Kind.CONFIG_MAP
                        ? client.configMaps()
                                .inNamespace(namespace)
                                .withName(name)
                                .get()
                        : client.secrets().inNamespace(namespace).withName(name).get());
    }

    private static boolean counts(HasMetadata config) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(config.getMetadata().getAnnotations(), Map.<String, String>of());
        boolean off = annotations.getOrDefault(TRACKING, "").startsWith("disable");
        return !off && (!(config instanceof Secret secret) || TYPES.contains(secret.getType()));
    }
}
