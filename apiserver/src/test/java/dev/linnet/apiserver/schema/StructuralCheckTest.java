package dev.linnet.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.apiserver.failure.FieldError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StructuralCheckTest {

    @Test
    void acceptsWhatControllerGenWrites() {
        assertThat(errors("""
                description: A widget.
                type: object
                required: [spec]
                properties:
                  apiVersion: {type: string}
                  kind: {type: string}
                  metadata: {type: object}
                  spec:
                    type: object
                    oneOf: [{required: [port]}, {required: [ports], properties: {ports: {minItems: 1}}}]
                    properties:
                      port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}
                      size: {x-kubernetes-int-or-string: true, allOf: [{anyOf: [{type: integer}, {type: string}]}, {pattern: a}]}
                      ports:
                        type: array
                        x-kubernetes-list-type: map
                        x-kubernetes-list-map-keys: [port]
                        items: {type: object, properties: {port: {type: integer, default: 80}}}
                      labels: {type: object, additionalProperties: {type: string}}
                      any: {x-kubernetes-preserve-unknown-fields: true}
                      template: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
                """)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {properties: {a: {type: string}}}          | s.type: Required value: must not be empty at the root
            {type: string}                             | s.type: Invalid value: "string": must be object at the root
            {type: object, properties: {a: {}}}        | s.properties[a].type: Required value: must not be empty for specified object fields
            {type: object, properties: {a: {type: array}}} | s.properties[a].items: Required value: must be specified
            {type: object, properties: {a: {type: array, items: {}}}} | s.properties[a].items.type: Required value: must not be empty for specified array items
            {type: object, properties: {a: {type: text}}} | s.properties[a].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"
            {type: object, properties: {a: {type: object, $ref: "#/b"}}} | s.properties[a].$ref: Forbidden: $ref is not supported
            {type: object, additionalProperties: {type: string}} | s.additionalProperties: Forbidden: must not be used at the root
            {type: object, properties: {a: {type: object, properties: {b: {type: string}}, additionalProperties: {type: string}}}} | s.properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive
            {type: object, anyOf: [{type: object}]}    | s.anyOf[0].type: Forbidden: must be empty to be structural
            {type: object, properties: {a: {type: integer}}, not: {properties: {a: {default: 1}}}} | s.not.properties[a].default: Forbidden: must be undefined to be structural
            {type: object, properties: {a: {type: string, pattern: "("}}} | s.properties[a].pattern: Invalid value: "(": must be a valid regular expression, but isn't
            {type: object, properties: {a: {type: integer, default: b}}} | s.properties[a].default: Invalid value: "string": s.properties[a].default in body must be of type integer: "string"
            {type: object, properties: {a: {type: array, uniqueItems: true, items: {type: string}}}} | s.properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic
            {type: object, properties: {metadata: {type: object, properties: {labels: {type: object}}}}} | s.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified
            {type: object, properties: {a: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [b], items: {type: object}}}} | s.properties[a].x-kubernetes-list-map-keys: Invalid value: []string{"b"}: entries must all be names of item properties
            {type: object, properties: {a: {type: object, x-kubernetes-map-type: loose}}} | s.properties[a].x-kubernetes-map-type: Unsupported value: "loose": supported values: "atomic", "granular"
            {type: object, properties: {a: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [b], items: {type: object, properties: {b: {type: string}}}}}} | s.properties[a].items.properties[b].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property
            {type: object, properties: {a: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [b, b], items: {type: object, required: [b], properties: {b: {type: string}}}}}} | s.properties[a].x-kubernetes-list-map-keys: Invalid value: []string{"b", "b"}: must not contain duplicate entries
            {type: object, properties: {a: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [b], items: {type: string}}}} | s.properties[a].items.type: Invalid value: "string": must be object if parent array's x-kubernetes-list-type is map
            {type: object, properties: {a: {type: array, x-kubernetes-list-type: set, items: {type: string, nullable: true}}}} | s.properties[a].items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is set
            {type: object, properties: {a: {type: array, x-kubernetes-list-type: set, items: {type: object}}}} | s.properties[a].items.x-kubernetes-map-type: Invalid value: "null": must be atomic as item of a list with x-kubernetes-list-type=set
            {type: object, anyOf: [{properties: {b: {minLength: 1}}}]} | s.properties[b]: Required value: because it is defined in s.anyOf[0].properties[b]
            {type: object, properties: {a: {type: object, default: {b: 1}, properties: {c: {type: string}}}}} | s.properties[a].default: Invalid value: map[string]interface {}{"b":1}: must not have unknown fields
            {type: object, properties: {kind: {type: integer}}} | s.properties[kind].type: Invalid value: "integer": must be string
            {type: object, properties: {kind: {type: string, default: A}}} | s.properties[kind].default: Forbidden: must not be set in top-level kind
            {type: object, x-kubernetes-validations: [{message: a}]} | s.x-kubernetes-validations[0].rule: Required value: rule is not specified
            {type: object, x-kubernetes-validations: [{rule: "true", reason: Odd}]} | s.x-kubernetes-validations[0].reason: Unsupported value: "Odd": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"
            {type: object, x-kubernetes-validations: [{rule: "true", fieldPath: .a}]} | s.x-kubernetes-validations[0].fieldPath: Invalid value: ".a": fieldPath must be a valid path
            {type: object, x-kubernetes-preserve-unknown-fields: false} | s.x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined
            """)
    void saysWhatIsNotStructural(String schema, String message) {
        assertThat(errors(schema)).containsExactly(message);
    }

    private static List<String> errors(String schema) {
        return CustomSchema.structuralErrors(Json.yaml(schema), "s").stream()
                .map(FieldError::line)
                .toList();
    }
}
