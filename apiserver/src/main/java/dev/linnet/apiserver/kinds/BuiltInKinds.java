package dev.linnet.apiserver.kinds;

import java.util.List;
import java.util.stream.Stream;

/** The kinds that are served without a CustomResourceDefinition, as a Kubernetes 1.33 API server has them. */
public final class BuiltInKinds {
    private BuiltInKinds() {}

    /** All of them, in the order in which discovery lists them. */
    public static List<ResourceKind> all() {
        return Stream.of(CoreKinds.all(), WorkloadKinds.all(), NetworkKinds.all(), PolicyKinds.all())
                .flatMap(List::stream)
                .toList();
    }
}
