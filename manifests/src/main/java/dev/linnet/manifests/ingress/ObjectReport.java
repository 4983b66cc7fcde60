package dev.linnet.manifests.ingress;

import dev.linnet.routing.ObjectRef;
import java.util.List;

/**
 * How far one object is obeyed.
 *
 * @param ours     whether it is for us at all
 * @param reason   why or why not
 * @param findings part by part; none if it is not for us
 */
public record ObjectReport(ObjectRef object, boolean ours, String reason, List<Finding> findings) {
    public ObjectReport {
        findings = List.copyOf(findings);
    }
}
