package dev.linnet.machine.node.spec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a container's environment, in kubelet's order: what everybody gets, then {@code envFrom}, then {@code env}. */
public final class Environment {

    private final References references;
    private final DownwardApi self;

    public Environment(References references, DownwardApi self) {
        this.references = references;
        this.self = self;
    }

    /**
     * The environment of a container.
     *
     * @param given what it gets anyhow (Services, host name); the container's own settings win
     * @throws MissingReference when a ConfigMap, Secret or key is not there and not optional
     */
    public Map<String, String> of(Container container, Map<String, String> given) throws MissingReference {
        Map<String, String> environment = new LinkedHashMap<>(given);
        for (EnvFromSource source : container.getEnvFrom()) {
            addAll(source, environment);
        }
        for (EnvVar variable : container.getEnv()) {
            Optional<String> value = value(variable, container, environment);
            value.ifPresent(present -> environment.put(variable.getName(), present));
        }
        return environment;
    }

    private void addAll(EnvFromSource source, Map<String, String> environment) throws MissingReference {
        String prefix = Objects.requireNonNullElse(source.getPrefix(), "");
        if (source.getConfigMapRef() != null) {
            String name = source.getConfigMapRef().getName();
            Optional<Map<String, byte[]>> found = references.configMap(name);
            require(found, source.getConfigMapRef().getOptional(), "ConfigMap", name);
            found.ifPresent(content -> addAll(prefix, content, environment));
        }
        if (source.getSecretRef() != null) {
            String name = source.getSecretRef().getName();
            Optional<Map<String, byte[]>> found = references.secret(name);
            require(found, source.getSecretRef().getOptional(), "Secret", name);
            found.ifPresent(content -> addAll(prefix, content, environment));
        }
    }

    private static void addAll(String prefix, Map<String, byte[]> content, Map<String, String> environment) {
        content.forEach((key, value) -> environment.put(prefix + key, new String(value, UTF_8)));
    }

    private static void require(Optional<?> found, @Nullable Boolean optional, String kind, String name)
            throws MissingReference {
        if (found.isEmpty() && !Boolean.TRUE.equals(optional)) {
            throw MissingReference.object(kind, name);
        }
    }

    private Optional<String> value(EnvVar variable, Container container, Map<String, String> environment)
            throws MissingReference {
        EnvVarSource source = variable.getValueFrom();
        if (source == null) {
            return Optional.of(Expansion.expand(Objects.requireNonNullElse(variable.getValue(), ""), environment));
        }
        if (source.getFieldRef() != null) {
            return Optional.of(self.field(source.getFieldRef().getFieldPath()));
        }
        if (source.getResourceFieldRef() != null) {
            return Optional.of(self.resource(source.getResourceFieldRef(), container));
        }
        if (source.getConfigMapKeyRef() != null) {
            ConfigMapKeySelector selector = source.getConfigMapKeyRef();
            return key("ConfigMap", selector.getName(), selector.getKey(), selector.getOptional());
        }
        if (source.getSecretKeyRef() != null) {
            SecretKeySelector selector = source.getSecretKeyRef();
            return key("Secret", selector.getName(), selector.getKey(), selector.getOptional());
        }
        throw new MissingReference("unsupported valueFrom of environment variable " + variable.getName());
    }

    private Optional<String> key(String kind, String name, String key, @Nullable Boolean optional)
            throws MissingReference {
        Optional<Map<String, byte[]>> found =
                kind.equals("Secret") ? references.secret(name) : references.configMap(name);
        require(found, optional, kind, name);
        Optional<byte[]> value = found.flatMap(content -> Optional.ofNullable(content.get(key)));
        if (found.isPresent() && value.isEmpty() && !Boolean.TRUE.equals(optional)) {
            throw MissingReference.key(kind, self.pod().getMetadata().getNamespace(), name, key);
        }
        return value.map(bytes -> new String(bytes, UTF_8));
    }
}
