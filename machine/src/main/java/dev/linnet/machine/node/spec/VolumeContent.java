package dev.linnet.machine.node.spec;

import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is in a Pod's volumes, as the API has it now. */
record VolumeContent(References references, DownwardApi self) {
    private static final Long USUAL_TOKEN_SECONDS = 3_600L;

    /**
     * The files of a volume by their path in it.
     *
     * @throws MissingReference when its ConfigMap or Secret is not there, or when it is of a kind that does not exist here
     */
    Map<String, VolumeFile> of(Volume volume) throws MissingReference {
        if (volume.getConfigMap() != null) {
            ConfigMapVolumeSource source = volume.getConfigMap();
            return configMap(source.getName(), source.getItems(), source.getOptional(), source.getDefaultMode());
        }
        if (volume.getSecret() != null) {
            SecretVolumeSource source = volume.getSecret();
            return secret(source.getSecretName(), source.getItems(), source.getOptional(), source.getDefaultMode());
        }
        if (volume.getDownwardAPI() != null) {
            return downward(
                    volume.getDownwardAPI().getItems(), volume.getDownwardAPI().getDefaultMode());
        }
        if (volume.getProjected() != null) {
            Map<String, VolumeFile> all = new LinkedHashMap<>();
            for (VolumeProjection source : volume.getProjected().getSources()) {
                all.putAll(projected(source, volume.getProjected().getDefaultMode()));
            }
            return all;
        }
        throw new MissingReference("volume \"" + volume.getName()
                + "\" is of a kind that this machine does not have (it has: configMap, secret, emptyDir, downwardAPI,"
                + " projected)");
    }

    private Map<String, VolumeFile> projected(VolumeProjection source, @Nullable Integer mode) throws MissingReference {
        if (source.getConfigMap() != null) {
            return configMap(
                    source.getConfigMap().getName(),
                    source.getConfigMap().getItems(),
                    source.getConfigMap().getOptional(),
                    mode);
        }
        if (source.getSecret() != null) {
            return secret(
                    source.getSecret().getName(),
                    source.getSecret().getItems(),
                    source.getSecret().getOptional(),
                    mode);
        }
        if (source.getServiceAccountToken() != null) {
            ServiceAccountTokenProjection token = source.getServiceAccountToken();
            long seconds = Objects.requireNonNullElse(token.getExpirationSeconds(), USUAL_TOKEN_SECONDS);
            String audience = Objects.requireNonNullElse(token.getAudience(), "");
            return Map.of(
                    token.getPath(), VolumeFile.of(references.token(audience, Duration.ofSeconds(seconds)), mode));
        }
        return source.getDownwardAPI() == null
                ? Map.of()
                : downward(source.getDownwardAPI().getItems(), mode);
    }

    private Map<String, VolumeFile> configMap(
            String name, List<KeyToPath> items, @Nullable Boolean optional, @Nullable Integer mode)
            throws MissingReference {
        Optional<Map<String, byte[]>> found = references.configMap(name);
        require(found, optional, "ConfigMap", name);
        return selected("configmap", found.orElse(Map.of()), items, Boolean.TRUE.equals(optional), mode);
    }

    private Map<String, VolumeFile> secret(
            String name, List<KeyToPath> items, @Nullable Boolean optional, @Nullable Integer mode)
            throws MissingReference {
        Optional<Map<String, byte[]>> found = references.secret(name);
        require(found, optional, "Secret", name);
        return selected("secret", found.orElse(Map.of()), items, Boolean.TRUE.equals(optional), mode);
    }

    private static void require(Optional<?> found, @Nullable Boolean optional, String kind, String name)
            throws MissingReference {
        if (found.isEmpty() && !Boolean.TRUE.equals(optional)) {
            throw MissingReference.object(kind, name);
        }
    }

    private static Map<String, VolumeFile> selected(
            String kind, Map<String, byte[]> content, List<KeyToPath> items, boolean optional, @Nullable Integer mode)
            throws MissingReference {
        Map<String, VolumeFile> files = new LinkedHashMap<>();
        if (items.isEmpty()) {
            content.forEach((key, value) -> files.put(key, VolumeFile.of(value, mode)));
            return files;
        }
        for (KeyToPath item : items) {
            byte[] value = content.get(item.getKey());
            if (value == null && !optional) {
                throw new MissingReference(kind + " references non-existent config key: " + item.getKey());
            }
            if (value != null) {
                files.put(item.getPath(), VolumeFile.of(value, item.getMode() == null ? mode : item.getMode()));
            }
        }
        return files;
    }

    private Map<String, VolumeFile> downward(List<DownwardAPIVolumeFile> items, @Nullable Integer mode)
            throws MissingReference {
        Map<String, VolumeFile> files = new LinkedHashMap<>();
        for (DownwardAPIVolumeFile item : items) {
            String value = item.getFieldRef() == null
                    ? self.resource(item.getResourceFieldRef(), new Container())
                    : self.field(item.getFieldRef().getFieldPath());
            files.put(item.getPath(), VolumeFile.of(value, item.getMode() == null ? mode : item.getMode()));
        }
        return files;
    }
}
