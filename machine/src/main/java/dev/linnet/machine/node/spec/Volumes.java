package dev.linnet.machine.node.spec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a Pod's volumes real, as folders below one of the Pod's own. Nothing is ever written outside of it. */
public final class Volumes {

    private static final Long USUAL_TOKEN_SECONDS = 3_600L;

    private final Confined confined;
    private final References references;
    private final DownwardApi self;

    /**
     * @param root the folder of this Pod's volumes; need not exist
     */
    public Volumes(Path root, References references, DownwardApi self) {
        this.confined = new Confined(root);
        this.references = references;
        this.self = self;
    }

    /**
     * Writes a volume's files.
     *
     * @throws MissingReference when its ConfigMap or Secret is not there, or when it is of a kind that does not exist here
     * @throws IOException      when the disk does not take it
     */
    public void make(Volume volume) throws MissingReference, IOException {
        Path folder = folder(volume.getName());
        Map<String, byte[]> content = content(volume);
        if (volume.getEmptyDir() == null) {
            // It may be there from before the machine was stopped, with files that are no longer in it.
            Folders.delete(folder);
        }
        Files.createDirectories(folder);
        for (Map.Entry<String, byte[]> file : content.entrySet()) {
            write(confined.below(folder, file.getKey()), file.getValue());
        }
    }

    private Map<String, byte[]> content(Volume volume) throws MissingReference {
        if (volume.getEmptyDir() != null) {
            return Map.of();
        }
        if (volume.getConfigMap() != null) {
            ConfigMapVolumeSource source = volume.getConfigMap();
            return configMap(source.getName(), source.getItems(), source.getOptional());
        }
        if (volume.getSecret() != null) {
            SecretVolumeSource source = volume.getSecret();
            return secret(source.getSecretName(), source.getItems(), source.getOptional());
        }
        if (volume.getDownwardAPI() != null) {
            return downward(volume.getDownwardAPI().getItems());
        }
        if (volume.getProjected() != null) {
            Map<String, byte[]> all = new LinkedHashMap<>();
            for (VolumeProjection source : volume.getProjected().getSources()) {
                all.putAll(content(source));
            }
            return all;
        }
        throw new MissingReference("volume \"" + volume.getName()
                + "\" is of a kind that this machine does not have (it has: configMap, secret, emptyDir, downwardAPI,"
                + " projected)");
    }

    private Map<String, byte[]> content(VolumeProjection source) throws MissingReference {
        if (source.getConfigMap() != null) {
            return configMap(
                    source.getConfigMap().getName(),
                    source.getConfigMap().getItems(),
                    source.getConfigMap().getOptional());
        }
        if (source.getSecret() != null) {
            return secret(
                    source.getSecret().getName(),
                    source.getSecret().getItems(),
                    source.getSecret().getOptional());
        }
        if (source.getServiceAccountToken() != null) {
            ServiceAccountTokenProjection token = source.getServiceAccountToken();
            long seconds = Objects.requireNonNullElse(token.getExpirationSeconds(), USUAL_TOKEN_SECONDS);
            String audience = Objects.requireNonNullElse(token.getAudience(), "");
            return Map.of(
                    token.getPath(),
                    references.token(audience, Duration.ofSeconds(seconds)).getBytes(UTF_8));
        }
        return source.getDownwardAPI() == null
                ? Map.of()
                : downward(source.getDownwardAPI().getItems());
    }

    private Map<String, byte[]> configMap(String name, List<KeyToPath> items, @Nullable Boolean optional)
            throws MissingReference {
        return selected("ConfigMap", name, references.configMap(name), items, Boolean.TRUE.equals(optional));
    }

    private Map<String, byte[]> secret(String name, List<KeyToPath> items, @Nullable Boolean optional)
            throws MissingReference {
        return selected("Secret", name, references.secret(name), items, Boolean.TRUE.equals(optional));
    }

    private Map<String, byte[]> selected(
            String kind, String name, Optional<Map<String, byte[]>> found, List<KeyToPath> items, boolean optional)
            throws MissingReference {
        if (found.isEmpty() && !optional) {
            throw MissingReference.object(kind, name);
        }
        Map<String, byte[]> content = found.orElse(Map.of());
        if (items.isEmpty()) {
            return content;
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (KeyToPath item : items) {
            byte[] value = content.get(item.getKey());
            if (value == null && !optional) {
                throw new MissingReference(
                        kind.toLowerCase(Locale.ROOT) + " references non-existent config key: " + item.getKey());
            }
            if (value != null) {
                files.put(item.getPath(), value);
            }
        }
        return files;
    }

    private Map<String, byte[]> downward(List<DownwardAPIVolumeFile> items) throws MissingReference {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (DownwardAPIVolumeFile item : items) {
            String value = item.getFieldRef() == null
                    ? self.resource(item.getResourceFieldRef(), new Container())
                    : self.field(item.getFieldRef().getFieldPath());
            files.put(item.getPath(), value.getBytes(UTF_8));
        }
        return files;
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, content);
    }

    /**
     * Where a container's mounts really are: mountPath to folder, or to the file that a subPath names.
     *
     * @param environment for {@code subPathExpr}
     */
    public Map<String, Path> mounts(Container container, Map<String, String> environment)
            throws MissingReference, IOException {
        Map<String, Path> mounts = new LinkedHashMap<>();
        for (VolumeMount mount : container.getVolumeMounts()) {
            Path folder = folder(mount.getName());
            String subPath = mount.getSubPathExpr() == null
                    ? Objects.requireNonNullElse(mount.getSubPath(), "")
                    : Expansion.expand(mount.getSubPathExpr(), environment);
            mounts.put(mount.getMountPath(), subPath.isEmpty() ? folder : below(folder, subPath));
        }
        return mounts;
    }

    /** A program may have put a link into its volume: that must not lead out of it either. */
    private static Path below(Path folder, String subPath) throws MissingReference, IOException {
        Confined volume = new Confined(folder);
        Path real = volume.below(folder, subPath);
        volume.check(real);
        if (!Files.exists(real)) {
            volume.makeFolder(real);
        }
        return real;
    }

    private Path folder(String volume) throws MissingReference {
        return confined.below(confined.root(), volume);
    }
}
