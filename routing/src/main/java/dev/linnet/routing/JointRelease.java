package dev.linnet.routing;

import dev.linnet.routing.Problem.Reason;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Versions of one namespace that are released together ({@code linnet.dev/release}): a request that has met one of them on one side meets
 * the others on the same side, however deep inside the cluster they stand.
 */
public record JointRelease(String namespace, String name) {
    /** On a Canary, and on the objects that give its versions their requests. */
    public static final String ANNOTATION = "linnet.dev/release";

    /** Where objects say it. */
    public static final String PATH = "metadata.annotations[" + ANNOTATION + "]";

    /** None of these characters needs an escape in a header, or in baggage. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** The one that an object's annotation names. What is no name is a problem of its author. */
    public static Optional<JointRelease> of(ObjectRef object, Optional<String> annotation, Consumer<Problem> problems) {
        Optional<String> name = annotation.map(String::strip).filter(text -> !text.isEmpty());
        name.filter(text -> !isName(text))
                .ifPresent(text -> problems.accept(new Problem(
                        object,
                        Reason.BAD_ANNOTATION,
                        PATH,
                        "is \"" + text + "\" (expected: at most 63 letters, digits and any of - _ . between them):"
                                + " it is released by itself")));
        return name.filter(JointRelease::isName).map(text -> new JointRelease(object.namespace(), text));
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
