package dev.linnet.manifests.flagger;

import dev.linnet.manifests.flagger.ConfigRef.Kind;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Where a Pod template names ConfigMaps and Secrets: volumes (projected ones too), {@code env} and {@code envFrom} of containers and init
 * containers. The same places are read and rewritten.
 */
public final class ConfigRefs {

    /** One place, which can be given another name. */
    private record Place(ConfigRef ref, Consumer<String> rename) {}

    private final List<Place> places = new ArrayList<>();

    private ConfigRefs(PodSpec spec) {
        list(spec.getVolumes()).forEach(this::volume);
        Stream.concat(list(spec.getInitContainers()).stream(), list(spec.getContainers()).stream())
                .forEach(this::container);
    }

    /** Each object once; it is optional only where all places say so. */
    public static List<ConfigRef> of(PodSpec spec) {
        Map<String, ConfigRef> refs = new LinkedHashMap<>();
        for (Place place : new ConfigRefs(spec).places) {
            refs.merge(
                    place.ref.key(),
                    place.ref,
                    (one, other) -> new ConfigRef(one.kind(), one.name(), one.optional() && other.optional()));
        }
        return List.copyOf(refs.values());
    }

    /** Gives the named objects' places the names of the primary's copies. */
    static void rename(PodSpec spec, java.util.Set<String> keys) {
        for (Place place : new ConfigRefs(spec).places) {
            if (keys.contains(place.ref.key())) {
                place.rename.accept(place.ref.name() + "-primary");
            }
        }
    }

    private void volume(Volume volume) {
        if (volume.getConfigMap() != null) {
            var source = volume.getConfigMap();
            add(Kind.CONFIG_MAP, source.getName(), source.getOptional(), source::setName);
        }
        if (volume.getSecret() != null) {
            var source = volume.getSecret();
            add(Kind.SECRET, source.getSecretName(), source.getOptional(), source::setSecretName);
        }
        if (volume.getProjected() != null) {
            list(volume.getProjected().getSources()).forEach(this::projection);
        }
    }

    private void projection(VolumeProjection projection) {
        if (projection.getConfigMap() != null) {
            var source = projection.getConfigMap();
            add(Kind.CONFIG_MAP, source.getName(), source.getOptional(), source::setName);
        }
        if (projection.getSecret() != null) {
            var source = projection.getSecret();
            add(Kind.SECRET, source.getName(), source.getOptional(), source::setName);
        }
    }

    private void container(Container container) {
        list(container.getEnv()).forEach(this::variable);
        list(container.getEnvFrom()).forEach(this::variables);
    }

    private void variable(EnvVar variable) {
        if (variable.getValueFrom() == null) {
            return;
        }
        if (variable.getValueFrom().getConfigMapKeyRef() != null) {
            var source = variable.getValueFrom().getConfigMapKeyRef();
            add(Kind.CONFIG_MAP, source.getName(), source.getOptional(), source::setName);
        }
        if (variable.getValueFrom().getSecretKeyRef() != null) {
            var source = variable.getValueFrom().getSecretKeyRef();
            add(Kind.SECRET, source.getName(), source.getOptional(), source::setName);
        }
    }

    private void variables(EnvFromSource variables) {
        if (variables.getConfigMapRef() != null) {
            var source = variables.getConfigMapRef();
            add(Kind.CONFIG_MAP, source.getName(), source.getOptional(), source::setName);
        }
        if (variables.getSecretRef() != null) {
            var source = variables.getSecretRef();
            add(Kind.SECRET, source.getName(), source.getOptional(), source::setName);
        }
    }

    private void add(
            Kind kind,
            @org.jspecify.annotations.Nullable String name,
            @org.jspecify.annotations.Nullable Boolean optional,
            Consumer<String> rename) {
        if (name != null && !name.isEmpty()) {
            places.add(new Place(new ConfigRef(kind, name, Boolean.TRUE.equals(optional)), rename));
        }
    }

    private static <T> List<T> list(@org.jspecify.annotations.Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
