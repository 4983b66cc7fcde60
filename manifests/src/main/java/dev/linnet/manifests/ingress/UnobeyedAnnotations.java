package dev.linnet.manifests.ingress;

import dev.linnet.manifests.ingress.IngressReading.Role;
import dev.linnet.manifests.ingress.Judgement.Standing;
import java.util.Map;

/** Tells the author of each annotation that Linnet does not act upon, and what therefore does not happen. */
final class UnobeyedAnnotations {
    private UnobeyedAnnotations() {}

    static void report(Annotations annotations, Role role) {
        for (Map.Entry<String, String> entry : annotations.entries()) {
            Judgement judgement =
                    AnnotationCatalogue.judge(entry.getKey(), entry.getValue(), role instanceof Role.Canary);
            if (judgement.standing() == Standing.NOT_OBEYED) {
                annotations.notObeyed(entry.getKey(), judgement.words());
            }
        }
    }
}
