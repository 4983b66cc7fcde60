package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.FieldError;
import java.util.List;

/** What the schema of one version of a custom resource does to its objects. */
interface CustomShape {
    void prune(ObjectNode object);

    void applyDefaults(ObjectNode object);

    List<FieldError> validate(ObjectNode object);

    /** Rules that compare with what was before ({@code oldSelf}). */
    List<FieldError> validateUpdate(ObjectNode before, ObjectNode after);
}
