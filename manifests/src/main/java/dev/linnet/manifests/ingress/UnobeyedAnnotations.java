package dev.linnet.manifests.ingress;

import dev.linnet.manifests.ingress.IngressReading.Role;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells the author of each annotation that Linnet does not act upon, and what therefore does not happen. */
final class UnobeyedAnnotations {
    private static final String OURS = "linnet.dev/";
    private static final Set<String> OBEYED = obeyed();
    private static final Set<String> OF_PRIMARY = ofPrimary();

    private UnobeyedAnnotations() {}

    private static Set<String> obeyed() {
        Set<String> names = new HashSet<>(CanaryAnnotations.SELECTORS);
        names.add(CanaryAnnotations.CANARY);
        names.addAll(LimitAnnotations.NAMES);
        names.addAll(PolicyAnnotations.names());
        return Set.copyOf(names);
    }

    /** What the primary says for both versions. */
    private static Set<String> ofPrimary() {
        Set<String> names = new HashSet<>(LimitAnnotations.NAMES);
        names.addAll(PolicyAnnotations.names());
        names.removeAll(AnnotationCatalogue.OWN_OF_CANARY);
        return Set.copyOf(names);
    }

    static void report(Annotations annotations, Role role) {
        for (Map.Entry<String, String> entry : annotations.entries()) {
            if (entry.getKey().startsWith(Annotations.PREFIX)) {
                String name = entry.getKey().substring(Annotations.PREFIX.length());
                message(name, entry.getValue().strip(), role)
                        .ifPresent(message -> annotations.notObeyed(entry.getKey(), message));
            } else if (entry.getKey().startsWith(OURS)) {
                annotations.notObeyed(entry.getKey(), "is not obeyed yet");
            }
        }
    }

    private static Optional<String> message(String name, String value, Role role) {
        return switch (role) {
            case Role.Canary _ -> onCanary(name, value);
            case Role.Primary _, Role.Nothing _ -> onPrimary(name, value);
        };
    }

    /** As in ingress-nginx, what is said about a route holds for both versions, and the primary says it (spec, §2.8). */
    private static Optional<String> onCanary(String name, String value) {
        boolean known = AnnotationCatalogue.effect(name).isPresent();
        if (OF_PRIMARY.contains(name) || (known && !AnnotationCatalogue.OWN_OF_CANARY.contains(name))) {
            return Optional.of("has no effect on a canary (expected: on the Ingress that it belongs to,"
                    + " whose settings hold for both versions)");
        }
        return onPrimary(name, value);
    }

    private static Optional<String> onPrimary(String name, String value) {
        if (OBEYED.contains(name) || AnnotationCatalogue.isWhatHappensAnyway(name, value)) {
            return Optional.empty();
        }
        return Optional.of(AnnotationCatalogue.effect(name)
                .map(effect -> "is not obeyed yet: " + effect)
                .orElseGet(() -> unknown(name)));
    }

    private static String unknown(String name) {
        List<String> near = AnnotationCatalogue.similar(name, OBEYED);
        String hint = near.isEmpty() ? "" : " (expected: " + String.join(" or ", near) + ")";
        return "is unknown and does nothing" + hint;
    }
}
