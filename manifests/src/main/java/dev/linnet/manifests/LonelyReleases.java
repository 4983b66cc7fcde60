package dev.linnet.manifests;

import dev.linnet.manifests.flagger.ReleaseMark;
import dev.linnet.manifests.ingress.Finding;
import dev.linnet.manifests.ingress.Judgement.Standing;
import dev.linnet.manifests.ingress.ObjectReport;
import dev.linnet.routing.JointRelease;
import dev.linnet.routing.ObjectRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Joint releases that only one object takes part in: its author has probably written the name of another one. */
public final class LonelyReleases {
    private final Map<JointRelease, Integer> members = new HashMap<>();
    private final Map<ObjectRef, JointRelease> of = new HashMap<>();

    /** @param objects all that there are */
    public LonelyReleases(Collection<HasMetadata> objects) {
        for (HasMetadata object : objects) {
            release(object).ifPresent(release -> {
                of.put(ref(object), release);
                members.merge(release, 1, Integer::sum);
            });
        }
    }

    private static Optional<JointRelease> release(HasMetadata object) {
        return JointRelease.of(ref(object), ReleaseMark.of(object).name(), _ -> {});
    }

    private static ObjectRef ref(HasMetadata object) {
        return new ObjectRef(
                object.getKind(),
                Optional.ofNullable(object.getMetadata().getNamespace()).orElse("default"),
                object.getMetadata().getName());
    }

    /** What is to be said of an object, and this as well where it is alone. */
    public ObjectReport with(ObjectReport report) {
        JointRelease release = of.get(report.object());
        if (release == null || members.getOrDefault(release, 0) > 1) {
            return report;
        }
        List<Finding> findings = new ArrayList<>(report.findings());
        findings.add(new Finding(
                JointRelease.PATH,
                Standing.DIFFERS,
                "is " + release.name() + ", and no other object of namespace " + release.namespace()
                        + " here says so (expected: the same on all that is released together)"));
        return new ObjectReport(report.object(), report.ours(), report.reason(), findings);
    }
}
