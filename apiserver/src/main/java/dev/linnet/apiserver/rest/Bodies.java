package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.rest.WriteOptions.FieldValidation;
import dev.linnet.apiserver.schema.ProtobufBody;
import dev.linnet.apiserver.schema.StrictDecoding;
import java.io.IOException;
import java.util.List;

/** Request bodies as JSON trees, whatever they were written in. */
final class Bodies {
    /** Built on first use: most clients never send YAML. */
    private static final class Yaml {
        static final YAMLMapper MAPPER = new YAMLMapper();

        private Yaml() {}
    }

    /** An object in the form that its Content-Type says; JSON if it says nothing. */
    ObjectNode object(Call call) {
        return switch (call.mediaType()) {
            case "", "application/json", "text/plain" -> asObject(json(call));
            case "application/yaml" -> asObject(yaml(call));
            case "application/vnd.kubernetes.protobuf" ->
                ProtobufBody.decode(call.body().bytes());
            default ->
                throw ApiFailure.unsupportedMediaType(
                        "the body of the request was in an unknown format - accepted media types include: "
                                + "application/json, application/yaml, application/vnd.kubernetes.protobuf");
        };
    }

    /** Fields that stand twice, where somebody wants to know. */
    List<String> duplicateFields(Call call, FieldValidation validation) {
        if (validation == FieldValidation.IGNORE || !startsAsJson(call.body().bytes())) {
            return List.of();
        }
        try {
            return StrictDecoding.duplicateFields(call.body().bytes());
        } catch (IOException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
    }

    /** The configuration of an apply patch: YAML, of which JSON is a part. */
    ObjectNode applied(Call call) {
        if (startsAsJson(call.body().bytes())) {
            try {
                return asObject(Json.read(call.body().bytes()));
            } catch (IOException _) {
                // YAML may begin with a brace too.
                return asObject(yaml(call));
            }
        }
        return asObject(yaml(call));
    }

    JsonNode json(Call call) {
        try {
            return Json.read(call.body().bytes());
        } catch (JsonProcessingException e) {
            throw malformed(e.getOriginalMessage());
        } catch (IOException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
    }

    private static JsonNode yaml(Call call) {
        try {
            return Yaml.MAPPER.readTree(call.body().bytes());
        } catch (IOException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
    }

    static ObjectNode asObject(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw malformed("expected an object");
    }

    private static ApiFailure malformed(String detail) {
        return ApiFailure.badRequest("couldn't get version/kind; json parse error: " + detail);
    }

    private static boolean startsAsJson(byte[] body) {
        for (byte b : body) {
            if (!Character.isWhitespace(b)) {
                return b == '{';
            }
        }
        return false;
    }
}
