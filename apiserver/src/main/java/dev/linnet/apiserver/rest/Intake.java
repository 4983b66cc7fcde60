package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.discovery.KindCatalog;
import dev.linnet.apiserver.discovery.ServedResource;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.rest.WriteOptions.FieldValidation;
import dev.linnet.apiserver.schema.Schema;
import dev.linnet.apiserver.schema.StrictDecoding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes in objects as clients wrote them: checks that they are of the path's kind, with its fields, of their types. */
final class Intake {
    private final KindCatalog catalog;
    private final Bodies bodies;

    Intake(KindCatalog catalog, Bodies bodies) {
        this.catalog = catalog;
        this.bodies = bodies;
    }

    /**
     * What a client sent.
     *
     * @param object   in its stored shape
     * @param warnings for the user
     */
    record Received(ObjectNode object, List<String> warnings) {}

    /** @throws ApiFailure 400 for another kind, for values of wrong types and, where validation is strict, unknown fields */
    Received receive(Call call, ServedResource resource, FieldValidation validation) {
        ObjectNode object = bodies.object(call);
        requireKind(resource, object);
        List<String> mended = MisplacedAnnotations.mend(object);
        Optional<Schema> schema = catalog.schema(resource);
        if (schema.isEmpty()) {
            return new Received(resource.converter().toStored(object), mended);
        }
        List<String> wrong = new ArrayList<>(bodies.duplicateFields(call, validation));
        wrong.addAll(StrictDecoding.dropUnknownFields(object, schema.get()));
        if (!wrong.isEmpty() && validation == FieldValidation.STRICT) {
            String kind = resource.kind().kind();
            throw ApiFailure.badRequest(kind + " in version \"" + resource.version() + "\" cannot be handled as a "
                    + kind + ": strict decoding error: " + String.join(", ", wrong));
        }
        requireTypes(resource, object, schema.get());
        mended.addAll(warnings(validation, wrong));
        return new Received(resource.converter().toStored(object), mended);
    }

    /** As {@link #receive}, for what a patch made. */
    Received patched(Call call, ServedResource resource, ObjectNode object, FieldValidation validation) {
        requireKind(resource, object);
        Optional<Schema> schema = catalog.schema(resource);
        List<String> unknown = schema.isPresent() ? StrictDecoding.dropUnknownFields(object, schema.get()) : List.of();
        if (!unknown.isEmpty() && validation == FieldValidation.STRICT) {
            String patch = new String(call.body().bytes(), StandardCharsets.UTF_8);
            FieldError error =
                    FieldError.invalid("patch", patch, "strict decoding error: " + String.join(", ", unknown));
            throw ApiFailure.invalid(resource.kindSubject(Meta.of(object).name()), List.of(error));
        }
        schema.ifPresent(type -> requireTypes(resource, object, type));
        return new Received(resource.converter().toStored(object), warnings(validation, unknown));
    }

    /** Custom resources say the same with paths, when they are validated. */
    private static void requireTypes(ServedResource resource, ObjectNode object, Schema schema) {
        if (!resource.custom()) {
            StrictDecoding.requireTypes(object, schema);
        }
    }

    private static List<String> warnings(FieldValidation validation, List<String> wrong) {
        return validation == FieldValidation.WARN ? wrong : List.of();
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
}
