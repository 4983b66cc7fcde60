package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.discovery.ServedResource;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.rest.WriteOptions.FieldValidation;
import dev.linnet.apiserver.schema.Schema;
import java.util.List;
import java.util.Optional;

/** Takes in objects as clients wrote them: checks that they are of the path's kind and have no fields it does not know. */
final class Intake {
    private final Types types;

    Intake(Types types) {
        this.types = types;
    }

    /** Fills in apiVersion and kind where a client relies on the path, refuses them where they contradict it. */
    void requireKind(ServedResource resource, ObjectNode object) {
        String apiVersion = object.path("apiVersion").asText("");
        String kind = object.path("kind").asText("");
        if (!apiVersion.isEmpty() && !apiVersion.equals(resource.groupVersion())) {
            throw ApiFailure.badRequest("the API version in the data (" + apiVersion
                    + ") does not match the expected API version (" + resource.groupVersion() + ")");
        }
        if (!kind.isEmpty() && !kind.equals(resource.kind().kind())) {
            throw ApiFailure.badRequest(kind + " in version \"" + resource.version() + "\" cannot be handled as a "
                    + resource.kind().kind() + ": no kind \"" + kind + "\" is registered for this path");
        }
        object.put("apiVersion", resource.groupVersion())
                .put("kind", resource.kind().kind());
    }

    /**
     * Drops fields that the kind does not have.
     *
     * @return warnings for the user
     * @throws ApiFailure 400 where validation is strict
     */
    List<String> strict(ServedResource resource, ObjectNode object, FieldValidation validation) {
        List<String> unknown = unknown(resource, object);
        if (!unknown.isEmpty() && validation == FieldValidation.STRICT) {
            String kind = resource.kind().kind();
            throw ApiFailure.badRequest(kind + " in version \"" + resource.version() + "\" cannot be handled as a "
                    + kind + ": strict decoding error: " + String.join(", ", unknown));
        }
        return dropped(resource, object, validation, unknown);
    }

    /**
     * As {@link #strict}, in the words for the outcome of a patch.
     *
     * @param patch the patch as it came
     */
    List<String> strictAfterPatch(
            ServedResource resource, ObjectNode object, FieldValidation validation, String patch) {
        List<String> unknown = unknown(resource, object);
        if (!unknown.isEmpty() && validation == FieldValidation.STRICT) {
            FieldError error =
                    FieldError.invalid("patch", patch, "strict decoding error: " + String.join(", ", unknown));
            throw ApiFailure.invalid(
                    resource.kindSubject(object.at("/metadata/name").asText("")), List.of(error));
        }
        return dropped(resource, object, validation, unknown);
    }

    private List<String> unknown(ServedResource resource, ObjectNode object) {
        Optional<Schema> schema = types.find(resource);
        return schema.isPresent() ? types.unknownFields(object, schema.get()) : List.of();
    }

    private List<String> dropped(
            ServedResource resource, ObjectNode object, FieldValidation validation, List<String> unknown) {
        if (!unknown.isEmpty()) {
            types.find(resource).ifPresent(schema -> types.dropUnknownFields(object, schema));
        }
        return validation == FieldValidation.WARN ? unknown : List.of();
    }
}
