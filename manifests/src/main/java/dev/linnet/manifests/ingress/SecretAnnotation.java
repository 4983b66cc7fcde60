package dev.linnet.manifests.ingress;

import dev.linnet.routing.SecretRef;
import java.util.Optional;
import java.util.regex.Pattern;

/** An annotation that names a Secret of its own namespace. */
final class SecretAnnotation {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

    private SecretAnnotation() {}

    /**
     * Reads {@code namespace/name}. Wrong text, or another namespace, becomes a Problem.
     *
     * @param bare whether the name may stand alone
     */
    static Optional<SecretRef> read(Annotations annotations, String name, boolean bare) {
        String text = annotations.text(name).orElse("");
        String namespace = annotations.object().namespace();
        int slash = text.indexOf('/');
        String secret = text.substring(slash + 1);
        boolean written = NAME.matcher(secret).matches() && (slash > 0 || (slash < 0 && bare));
        boolean ours = slash < 0 || text.substring(0, slash).equals(namespace);
        if (written && ours) {
            return Optional.of(new SecretRef(namespace, secret));
        }
        annotations.bad(
                name,
                "is \"" + text + "\" (expected: a Secret of this namespace, as " + namespace + "/name"
                        + (bare ? " or name)" : ")"));
        return Optional.empty();
    }
}
