package dev.linnet.manifests.ingress;

import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which Ingresses are ours (spec of ingress-nginx, §5.3).
 *
 * @param controllers     {@code spec.controller} of the IngressClasses that are ours
 * @param annotationClass value of the old annotation {@code kubernetes.io/ingress.class} that is ours
 * @param withoutClass    whether an Ingress that names no class is ours
 * @param byName          whether an IngressClass called {@code annotationClass} is ours, whatever its controller
 * @param catchAll        whether an Ingress with a default backend may be ours
 */
public record ClassSettings(
        Set<String> controllers, String annotationClass, boolean withoutClass, boolean byName, boolean catchAll) {
    public static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";
    /** {@code spec.controller} of the IngressClasses that nobody else obeys. */
    public static final String OWN_CONTROLLER = "linnet.dev/gateway";

    public static final ClassSettings DEFAULT =
            new ClassSettings(Set.of("k8s.io/ingress-nginx", OWN_CONTROLLER), "nginx", false, false, true);

    public ClassSettings {
        controllers = Set.copyOf(controllers);
    }

    public ClassSettings watchIngressWithoutClass() {
        return new ClassSettings(controllers, annotationClass, true, byName, catchAll);
    }

    /** {@code ours}, and in words why or why not. */
    public record Decision(boolean ours, String reason) {}

    /**
     * The field wins over the annotation. The default IngressClass plays no part: the API server writes it into the field.
     *
     * @param controllerByClass {@code spec.controller} of each IngressClass by name
     */
    public Decision decide(Ingress ingress, Map<String, String> controllerByClass) {
        Decision byClass = className(ingress)
                .map(name -> byClass(name, Optional.ofNullable(controllerByClass.get(name))))
                .orElseGet(() -> byAnnotation(ingress));
        return byClass.ours() && !catchAll && hasDefaultBackend(ingress)
                ? new Decision(false, "it has a default backend, and Ingresses that catch all are not obeyed")
                : byClass;
    }

    private static boolean hasDefaultBackend(Ingress ingress) {
        return Optional.ofNullable(ingress.getSpec())
                .flatMap(spec -> Optional.ofNullable(spec.getDefaultBackend()))
                .isPresent();
    }

    private Decision byClass(String name, Optional<String> controller) {
        return controller
                .map(found -> byName && name.equals(annotationClass)
                        ? new Decision(true, "IngressClass " + name + " is ours by its name")
                        : new Decision(
                                controllers.contains(found),
                                "IngressClass " + name + " belongs to controller " + found))
                .orElseGet(() -> new Decision(false, "IngressClass " + name + " does not exist"));
    }

    private Decision byAnnotation(Ingress ingress) {
        Optional<String> annotated = Annotations.of(ingress, CLASS_ANNOTATION);
        return annotated
                .map(value -> new Decision(value.equals(annotationClass), CLASS_ANNOTATION + " is \"" + value + "\""))
                .orElseGet(() -> new Decision(withoutClass, "it names no class"));
    }

    /** The class that {@code spec.ingressClassName} names. */
    public static Optional<String> className(Ingress ingress) {
        return Optional.ofNullable(ingress.getSpec()).flatMap(spec -> Optional.ofNullable(spec.getIngressClassName()));
    }
}
