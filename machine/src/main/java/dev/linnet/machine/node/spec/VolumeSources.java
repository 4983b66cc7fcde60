package dev.linnet.machine.node.spec;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Which objects the volumes of a Pod are made of. */
public final class VolumeSources {

    private VolumeSources() {}

    /** Whether a volume shows this ConfigMap of the Pod's namespace. */
    public static boolean haveConfigMap(Pod pod, String name) {
        return volumes(pod)
                .flatMap(volume -> Stream.concat(
                        Optional.ofNullable(volume.getConfigMap()).map(source -> source.getName()).stream(),
                        projections(volume)
                                .map(source -> source.getConfigMap())
                                .filter(Objects::nonNull)
                                .map(source -> source.getName())))
                .anyMatch(name::equals);
    }

    /** Whether a volume shows this Secret of the Pod's namespace. */
    public static boolean haveSecret(Pod pod, String name) {
        return volumes(pod)
                .flatMap(volume -> Stream.concat(
                        Optional.ofNullable(volume.getSecret()).map(source -> source.getSecretName()).stream(),
                        projections(volume)
                                .map(source -> source.getSecret())
                                .filter(Objects::nonNull)
                                .map(source -> source.getName())))
                .anyMatch(name::equals);
    }

    /** Whether a volume shows something of the Pod itself. */
    public static boolean haveThePodItself(Pod pod) {
        return volumes(pod)
                .anyMatch(volume -> volume.getDownwardAPI() != null
                        || projections(volume).anyMatch(source -> source.getDownwardAPI() != null));
    }

    private static Stream<Volume> volumes(Pod pod) {
        return pod.getSpec().getVolumes().stream();
    }

    private static Stream<VolumeProjection> projections(Volume volume) {
        return volume.getProjected() == null ? Stream.empty() : volume.getProjected().getSources().stream();
    }
}
