package dev.linnet.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.schema.Schema.ListType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomSchemaTest {
    private static final SchemaCatalog CATALOG = SchemaCatalog.load();

    /** The type of {@code spec.x}, a value for it, and the whole message; none if the value is right. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            {type: integer}                            | "two"      | spec.x: Invalid value: "string": spec.x in body must be of type integer: "string"
            {type: integer}                            | 1.5        | spec.x: Invalid value: "number": spec.x in body must be of type integer: "number"
            {type: integer}                            | 2.0        | -
            {type: number}                             | 3          | -
            {type: string}                             | {a: 1}     | spec.x: Invalid value: "object": spec.x in body must be of type string: "object"
            {type: string}                             | [a]        | spec.x: Invalid value: "array": spec.x in body must be of type string: "array"
            {type: string}                             | null       | spec.x: Invalid value: "null": spec.x in body must be of type string: "null"
            {type: string, nullable: true}             | null       | -
            {type: string, enum: [a, b]}               | a          | -
            {type: string, enum: [a, b]}               | c          | spec.x: Unsupported value: "c": supported values: "a", "b"
            {type: integer, enum: [1, 2]}              | 3          | spec.x: Unsupported value: 3: supported values: "1", "2"
            {type: integer, minimum: 0}                | -1         | spec.x: Invalid value: -1: spec.x in body should be greater than or equal to 0
            {type: integer, maximum: 10}               | 15         | spec.x: Invalid value: 15: spec.x in body should be less than or equal to 10
            {type: number, maximum: 1, exclusiveMaximum: true} | 1  | spec.x: Invalid value: 1: spec.x in body should be less than 1
            {type: number, minimum: 0.5, exclusiveMinimum: true} | 0.5 | spec.x: Invalid value: 0.5: spec.x in body should be greater than 0.5
            {type: integer, multipleOf: 5}             | 7          | spec.x: Invalid value: 7: spec.x in body should be a multiple of 5
            {type: number, multipleOf: 0.1}            | 0.3        | -
            {type: string, maxLength: 3}               | abcd       | spec.x: Too long: may not be more than 3 bytes
            {type: string, maxLength: 3}               | äöü        | -
            {type: string, minLength: 2}               | a          | spec.x: Invalid value: "a": spec.x in body should be at least 2 chars long
            {type: string, pattern: "^[a-z]+$"}        | A1         | spec.x: Invalid value: "A1": spec.x in body should match '^[a-z]+$'
            {type: string, pattern: "b"}               | abc        | -
            {type: string, format: date-time}          | 2026-11-21T10:00:00Z  | -
            {type: string, format: date-time}          | yesterday  | spec.x: Invalid value: "yesterday": spec.x in body must be of type date-time: "yesterday"
            {type: string, format: duration}           | 1h30m      | -
            {type: string, format: ipv4}               | 256.0.0.1  | spec.x: Invalid value: "256.0.0.1": spec.x in body must be of type ipv4: "256.0.0.1"
            {type: string, format: cidr}               | 10.0.0.0/8 | -
            {type: string, format: ipv6}               | "::1"      | -
            {type: string, format: colour}             | anything   | -
            {type: integer, format: int32}             | 4294967296 | -
            {type: array, items: {type: string}, maxItems: 1}   | [a, b] | spec.x: Too many: 2: must have at most 1 items
            {type: array, items: {type: string}, minItems: 1}   | []  | spec.x: Invalid value: 0: spec.x in body should have at least 1 items
            {type: array, items: {type: string}}       | [a, 2]     | spec.x[1]: Invalid value: "integer": spec.x[1] in body must be of type string: "integer"
            {type: array, items: {type: string}, uniqueItems: true} | [a, a] | spec.x: Invalid value: "": spec.x in body shouldn't contain duplicates
            {type: object, required: [a]}              | {}         | spec.x.a: Required value
            {type: object, maxProperties: 1, additionalProperties: {type: integer}} | {a: 1, b: 2} | spec.x: Too many: 2: must have at most 1 items
            {type: object, minProperties: 1, additionalProperties: {type: integer}} | {} | spec.x: Invalid value: 0: spec.x in body should have at least 1 properties
            {type: object, additionalProperties: {type: integer}} | {a: b} | spec.x.a: Invalid value: "string": spec.x.a in body must be of type integer: "string"
            {x-kubernetes-int-or-string: true}         | 8080       | -
            {x-kubernetes-int-or-string: true}         | http       | -
            {x-kubernetes-int-or-string: true}         | true       | spec.x: Invalid value: "boolean": spec.x in body must be of type integer,string: "boolean"
            {type: object, not: {required: [a]}}       | {a: 1}     | <nil>: Invalid value: "": "spec.x" must not validate the schema (not)
            """)
    void wordsWhatIsWrongAsARealServerDoes(String type, String value, String message) {
        CustomSchema schema =
                schema("{type: object, properties: {spec: {type: object, properties: {x: " + type + "}}}}");

        List<FieldError> errors = schema.validate(Json.yaml("spec: {x: " + value + "}"));

        assertThat(errors).extracting(FieldError::line).isEqualTo(message == null ? List.of() : List.of(message));
    }

    @Test
    void wantsExactlyOneOfTheAlternatives() {
        CustomSchema schema = schema("""
                type: object
                properties:
                  spec:
                    type: object
                    oneOf: [{required: [exact]}, {required: [prefix]}]
                    properties: {exact: {type: string}, prefix: {type: string}}
                """);

        assertThat(schema.validate(Json.yaml("spec: {exact: a}"))).isEmpty();
        assertThat(lines(schema, "spec: {exact: a, prefix: b}"))
                .containsExactly("<nil>: Invalid value: \"\": \"spec\" must validate one and only one schema (oneOf). "
                        + "Found 2 valid alternatives");
        assertThat(lines(schema, "spec: {}"))
                .containsExactly(
                        "<nil>: Invalid value: \"\": \"spec\" must validate one and only one schema (oneOf). Found none valid",
                        "spec.exact: Required value");
    }

    @Test
    void wantsOneOrAllOfTheAlternatives() {
        CustomSchema any = schema("""
                type: object
                properties:
                  port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}
                """);
        CustomSchema all = schema("""
                type: object
                properties:
                  port: {type: integer, allOf: [{minimum: 1}, {maximum: 10}]}
                """);

        assertThat(lines(any, "port: http")).isEmpty();
        assertThat(lines(any, "port: true"))
                .contains("<nil>: Invalid value: \"\": \"port\" must validate at least one schema (anyOf)");
        assertThat(lines(all, "port: 5")).isEmpty();
        assertThat(lines(all, "port: 11"))
                .containsExactly(
                        "port: Invalid value: 11: port in body should be less than or equal to 10",
                        "<nil>: Invalid value: \"\": \"port\" must validate all the schemas (allOf)");
    }

    @Test
    void refusesTheSameKeyTwiceInAListMap() {
        CustomSchema schema = schema("""
                type: object
                properties:
                  ports:
                    type: array
                    x-kubernetes-list-type: map
                    x-kubernetes-list-map-keys: [port]
                    items: {type: object, properties: {port: {type: integer}, name: {type: string}}}
                  names: {type: array, x-kubernetes-list-type: set, items: {type: string}}
                """);

        assertThat(lines(schema, "ports: [{port: 80}, {port: 81}, {port: 80, name: b}, {port: 80}]"))
                .containsExactly("ports[2]: Duplicate value: map[string]interface {}{\"port\":80}");
        assertThat(lines(schema, "names: [a, b, a]")).containsExactly("names[2]: Duplicate value: \"a\"");
        assertThat(schema.schema().property("ports").orElseThrow().listType()).isEqualTo(ListType.MAP);
    }

    @Test
    void prunesWhatTheSchemaDoesNotHave() {
        CustomSchema schema = schema("""
                type: object
                properties:
                  spec:
                    type: object
                    properties:
                      known: {type: string}
                      nothing: {type: object}
                      free: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {strict: {type: object}}}
                      labels: {type: object, additionalProperties: {type: string}}
                """);
        ObjectNode object = Json.yaml("""
                apiVersion: example.com/v1
                kind: Widget
                metadata: {name: a, labels: {a: b}, colour: blue}
                spec:
                  known: a
                  unknown: b
                  nothing: {c: d}
                  free: {any: {thing: 1}, strict: {e: f}}
                  labels: {g: h}
                status: {ready: true}
                """);

        assertThat(schema.prune(object))
                .containsExactly(
                        "unknown field \"metadata.colour\"",
                        "unknown field \"spec.unknown\"",
                        "unknown field \"spec.nothing.c\"",
                        "unknown field \"spec.free.strict.e\"",
                        "unknown field \"status\"");
        assertThat(object).isEqualTo(Json.yaml("""
                        apiVersion: example.com/v1
                        kind: Widget
                        metadata: {name: a, labels: {a: b}}
                        spec:
                          known: a
                          nothing: {}
                          free: {any: {thing: 1}, strict: {}}
                          labels: {g: h}
                        """));
    }

    @Test
    void fillsDefaultsWhereTheirParentIsThereAndDropsNullsThatAreNotAllowed() {
        CustomSchema schema = schema("""
                type: object
                properties:
                  spec:
                    type: object
                    properties:
                      interval: {type: string, default: 1m}
                      replicas: {type: integer, nullable: true}
                      name: {type: string}
                      retry: {type: object, default: {}, properties: {limit: {type: integer, default: 3}}}
                      hooks: {type: array, items: {type: object, properties: {timeout: {type: string, default: 5s}}}}
                  other: {type: object, properties: {x: {type: string, default: y}}}
                """);
        ObjectNode object = Json.yaml("spec: {interval: null, replicas: null, name: null, hooks: [{}, {timeout: 1s}]}");

        schema.applyDefaults(object);
        ObjectNode once = object.deepCopy();
        schema.applyDefaults(object);

        assertThat(once).isEqualTo(Json.yaml("""
                spec:
                  interval: 1m
                  replicas: null
                  hooks: [{timeout: 5s}, {timeout: 1s}]
                  retry: {limit: 3}
                """));
        assertThat(object).isEqualTo(once);
    }

    @Test
    void knowsTheFieldsThatAllObjectsHave() {
        Schema schema = schema("{type: object, x-kubernetes-preserve-unknown-fields: true}")
                .schema();

        assertThat(schema.property("metadata").flatMap(metadata -> metadata.property("finalizers")))
                .hasValueSatisfying(
                        finalizers -> assertThat(finalizers.listType()).isEqualTo(ListType.SET));
        assertThat(schema.preservesUnknownFields()).isTrue();
    }

    @Test
    void wantsEmbeddedObjectsToSayWhatTheyAre() {
        CustomSchema schema = schema("""
                type: object
                properties:
                  template: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
                """);

        assertThat(lines(schema, "template: {kind: ''}"))
                .containsExactly(
                        "template.apiVersion: Required value: must not be empty",
                        "template.kind: Invalid value: \"\": must not be empty");
        assertThat(lines(schema, "template: {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {}}"))
                .isEmpty();
    }

    private static CustomSchema schema(String yaml) {
        return CustomSchema.of(CATALOG, Json.yaml(yaml));
    }

    private static List<String> lines(CustomSchema schema, String object) {
        return schema.validate(Json.yaml(object)).stream().map(FieldError::line).toList();
    }
}
