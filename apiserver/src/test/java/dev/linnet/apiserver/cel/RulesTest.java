package dev.linnet.apiserver.cel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.linnet.apiserver.failure.FieldError;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    /** A rule about {@code spec} of the schema below, a spec, and what is wrong with it. */
    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '`', nullValues = "-", textBlock = """
            self.min <= self.max                              ¦ {min: 1, max: 2}         ¦ -
            self.min <= self.max                              ¦ {min: 3, max: 2}         ¦ spec: Invalid value: "object": failed rule: self.min <= self.max
            has(self.min) || has(self.max)                ¦ {}                       ¦ spec: Invalid value: "object": failed rule: has(self.min) || has(self.max)
            self.min < self.max                               ¦ {min: 1}                 ¦ spec: Invalid value: "object": no such key: max evaluating rule: self.min < self.max
            self.min / self.max == 1                          ¦ {min: 1, max: 0}         ¦ spec: Invalid value: "object": division by zero evaluating rule: self.min / self.max == 1
            self.names[3] == 'a'                              ¦ {names: [a]}             ¦ spec: Invalid value: "object": index out of bounds: 3 evaluating rule: self.names[3] == 'a'
            self.port > 1                                     ¦ {port: http}             ¦ spec: Invalid value: "object": 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self.port > 1
            type(self.port) == int ? self.port > 1 : self.port.matches('^[a-z]+$') ¦ {port: http} ¦ -
            self.ratio == 2.0 && self.ratio < 3               ¦ {ratio: 2}               ¦ -
            self.labels.all(k, k.size() < 4 && self.labels[k] != '') ¦ {labels: {app: x}} ¦ -
            self.names == ['b', 'a']                          ¦ {names: [a, b]}          ¦ spec: Invalid value: "object": failed rule: self.names == ['b', 'a']
            self.tags == ['b', 'a']                           ¦ {tags: [a, b]}           ¦ -
            self.tags + ['b', 'c'] == ['c', 'b', 'a']         ¦ {tags: [a, b]}           ¦ -
            self.ports.exists_one(p, p.name == 'a' && p.port == 1) ¦ {ports: [{name: a, port: 1}]} ¦ -
            self.__namespace__ == 'x' && self.x__dash__y == 1 ¦ {namespace: x, x-y: 1}   ¦ -
            self.?min.orValue(7) == 7                         ¦ {}                       ¦ -
            self.?min.hasValue() && self.?min.value() == 1    ¦ {min: 1}                 ¦ -
            duration(self.timeout) > duration('1s')           ¦ {timeout: 3s}            ¦ -
            self.wait > duration('1s')                        ¦ {wait: 1h30m}            ¦ -
            self.since > timestamp('2020-01-01T00:00:00Z')    ¦ {since: 2026-01-01T00:00:00Z} ¦ -
            size(self.bytes) == 5                             ¦ {bytes: aGVsbG8=}        ¦ -
            quantity(self.name).isGreaterThan(quantity('100Mi')) ¦ {name: 150Mi}         ¦ -
            quantity(self.name).add(20).sub(quantity('100k')).asInteger() == -49980 ¦ {name: 50k} ¦ -
            isQuantity(self.name)                             ¦ {name: three}            ¦ spec: Invalid value: "object": failed rule: isQuantity(self.name)
            url(self.name).getScheme() in ['http', 'https']   ¦ {name: `https://a.b/c`}  ¦ -
            url(self.name).getHostname() == 'a.b' && url(self.name).getPort() == '81' && url(self.name).getQuery()['q'] == ['1'] ¦ {name: `https://a.b:81/c?q=1`} ¦ -
            isURL(self.name)                                  ¦ {name: a.b}              ¦ spec: Invalid value: "object": failed rule: isURL(self.name)
            ip(self.name).family() == 6 && ip.isCanonical(self.name) ¦ {name: `2001:db8::1`} ¦ -
            cidr('10.0.0.0/8').containsIP(self.name) && !isCIDR(self.name) ¦ {name: 10.1.2.3} ¦ -
            ip(self.name).isLoopback()                        ¦ {name: x}                ¦ spec: Invalid value: "object": IP Address "x" parse error during conversion from string: ParseAddr("x"): unable to parse IP evaluating rule: ip(self.name).isLoopback()
            self.name.find('[0-9]+') == '12' && self.name.findAll('[a-z]') == ['a', 'b'] ¦ {name: a12b} ¦ -
            self.numbers.isSorted() && self.numbers.sum() == 6 && self.numbers.max() == 3 && self.numbers.indexOf(2) == 1 ¦ {numbers: [1, 2, 3]} ¦ -
            !format.dns1123Label().validate(self.name).hasValue() ¦ {name: a-b}          ¦ -
            format.named('dns1123Label').value().validate(self.name).hasValue() ¦ {name: A_b} ¦ -
            '%s has %d of %.1f'.format([self.name, self.min, self.ratio]) == 'a has 1 of 0.5' ¦ {name: a, min: 1, ratio: 0.5} ¦ -
            self.name.split('-').join('+').upperAscii() == 'A+B' ¦ {name: a-b}           ¦ -
            sets.contains(self.names, ['a'])                  ¦ {names: [a, b]}          ¦ -
            self.names.all(i, n, i < 3 && n != '')            ¦ {names: [a, b]}          ¦ -
            self.labels.transformList(k, v, k + v) == ['ab']  ¦ {labels: {a: b}}         ¦ -
            """)
    void evaluatesWhatKubernetesEvaluates(String rule, String spec, String message) {
        List<String> lines = lines(schema(rule), "spec: " + spec.replace('`', '"'), Optional.empty());

        assertThat(lines).isEqualTo(message == null ? List.of() : List.of(message));
    }

    private static ObjectNode schema(String rule) {
        return yaml("""
                type: object
                properties:
                  spec:
                    type: object
                    x-kubernetes-validations: [{rule: "%s"}]
                    properties:
                      min: {type: integer}
                      max: {type: integer}
                      ratio: {type: number}
                      name: {type: string}
                      namespace: {type: string}
                      x-y: {type: integer}
                      names: {type: array, items: {type: string}}
                      numbers: {type: array, items: {type: integer}}
                      tags: {type: array, x-kubernetes-list-type: set, items: {type: string}}
                      ports:
                        type: array
                        x-kubernetes-list-type: map
                        x-kubernetes-list-map-keys: [name]
                        items: {type: object, properties: {name: {type: string}, port: {type: integer}}}
                      labels: {type: object, additionalProperties: {type: string}}
                      port: {x-kubernetes-int-or-string: true}
                      timeout: {type: string}
                      wait: {type: string, format: duration}
                      since: {type: string, format: date-time}
                      bytes: {type: string, format: byte}
                """.formatted(rule.replace("\\", "\\\\")));
    }

    @Test
    void letsRulesSeeTheNameOfAnObject() {
        ObjectNode schema = yaml("""
                type: object
                x-kubernetes-validations: [{rule: "self.metadata.name.size() < 3 && self.kind == 'Lamp'"}]
                properties: {metadata: {type: object}}
                """);

        assertThat(lines(schema, "{kind: Lamp, metadata: {name: a}}", Optional.empty()))
                .isEmpty();
        assertThat(lines(schema, "{kind: Lamp, metadata: {name: long}}", Optional.empty()))
                .containsExactly(
                        "<nil>: Invalid value: \"object\": failed rule: self.metadata.name.size() < 3 && self.kind == 'Lamp'");
    }

    @Test
    void saysWhatTheRuleSays() {
        ObjectNode schema = yaml("""
                type: object
                properties:
                  spec:
                    type: object
                    properties: {min: {type: integer}, max: {type: integer}}
                    x-kubernetes-validations:
                    - {rule: self.min > 1, message: " min is too small ", reason: FieldValueForbidden, fieldPath: .min}
                    - {rule: self.max > 2, messageExpression: "'max is %d'.format([self.max])", message: unused}
                    - {rule: self.max > 3, messageExpression: "''", message: fallback, reason: FieldValueRequired}
                    - {rule: self.max > 4, reason: FieldValueDuplicate}
                """);

        assertThat(lines(schema, "spec: {min: 1, max: 1}", Optional.empty()))
                .containsExactly(
                        "spec.min: Forbidden: min is too small",
                        "spec: Invalid value: \"object\": max is 1",
                        "spec: Required value: fallback",
                        "spec: Duplicate value: \"object\"");
    }

    @Test
    void holdsAChangeToTransitionRules() {
        ObjectNode schema = yaml("""
                type: object
                properties:
                  class: {type: string, x-kubernetes-validations: [{rule: self == oldSelf, message: class is immutable}]}
                  size: {type: integer, x-kubernetes-validations: [{rule: "!oldSelf.hasValue() || self >= oldSelf.value()", optionalOldSelf: true}]}
                  ports:
                    type: array
                    x-kubernetes-list-type: map
                    x-kubernetes-list-map-keys: [name]
                    items:
                      type: object
                      properties: {name: {type: string}, port: {type: integer}}
                      x-kubernetes-validations: [{rule: self.port == oldSelf.port, message: port is immutable}]
                """);
        Optional<String> old = Optional.of("{class: a, size: 3, ports: [{name: x, port: 1}, {name: y, port: 2}]}");

        assertThat(lines(schema, "{class: b, size: 1}", Optional.empty())).isEmpty();
        assertThat(lines(schema, "{class: a, size: 3, ports: [{name: y, port: 2}, {name: z, port: 9}]}", old))
                .isEmpty();
        assertThat(lines(schema, "{class: b, size: 2, ports: [{name: y, port: 3}]}", old))
                .containsExactly(
                        "class: Invalid value: \"string\": class is immutable",
                        "size: Invalid value: \"integer\": failed rule: !oldSelf.hasValue() || self >= oldSelf.value()",
                        "ports[0]: Invalid value: \"object\": port is immutable");
    }

    @Test
    void takesListsOfTypeMapForTheSameInAnyOrder() {
        ObjectNode schema = schema("self.ports == oldSelf.ports");
        Optional<String> old = Optional.of("spec: {ports: [{name: a, port: 1}, {name: b, port: 2}]}");

        assertThat(lines(schema, "spec: {ports: [{name: b, port: 2}, {name: a, port: 1}]}", old))
                .isEmpty();
        assertThat(lines(schema, "spec: {ports: [{name: b, port: 2}, {name: a, port: 3}]}", old))
                .hasSize(1);
    }

    @Test
    void letsPassWhatBrokeARuleBefore() {
        ObjectNode schema = yaml("""
                type: object
                properties:
                  name: {type: string, x-kubernetes-validations: [{rule: self.size() < 3}]}
                  other: {type: string}
                """);
        Optional<String> old = Optional.of("{name: long, other: a}");

        assertThat(lines(schema, "{name: long, other: b}", old)).isEmpty();
        assertThat(lines(schema, "{name: longer, other: b}", old)).hasSize(1);
    }

    @Test
    void endsAnEvaluationThatCostsTooMuch() {
        ObjectNode schema = schema("self.numbers.all(a, self.numbers.all(b, self.numbers.all(c, a + b + c > 0)))");
        StringBuilder numbers = new StringBuilder("spec: {numbers: [1");
        for (int i = 0; i < 1_000; i++) {
            numbers.append(", ").append(i + 1);
        }

        assertThat(lines(schema, numbers + "]}", Optional.empty()))
                .singleElement()
                .asString()
                .startsWith(
                        "spec: Invalid value: \"object\": 'operation cancelled: actual cost limit exceeded': no further"
                                + " validation rules will be run due to call cost exceeds limit for rule: self.numbers.all");
    }

    /** A rule about {@code spec}, and how the definition is refused. */
    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '`', textBlock = """
            self.foo == 1      ¦ compilation failed: ERROR: <input>:1:5: undefined field 'foo'\\n | self.foo == 1\\n | ....^
            self.min == 'a'    ¦ compilation failed: ERROR: <input>:1:10: found no matching overload for '_==_' applied to '(int, string)'\\n | self.min == 'a'\\n | .........^
            self.min           ¦ cel expression must evaluate to a bool
            self.min.nope()    ¦ compilation failed: ERROR: <input>:1:14: undeclared reference to 'nope' (in container '')\\n | self.min.nope()\\n | .............^
            """)
    void refusesRulesThatDoNotCompile(String rule, String detail) {
        assertThat(Rules.errors(schema(rule), "schema"))
                .singleElement()
                .extracting(FieldError::line)
                .asString()
                .isEqualTo("schema.properties[spec].x-kubernetes-validations[0].rule: Invalid value:"
                        + " apiextensions.ValidationRule{Rule:\"" + rule + "\", Message:\"\", MessageExpression:\"\","
                        + " Reason:(*apiextensions.FieldValueErrorReason)(nil), FieldPath:\"\", OptionalOldSelf:(*bool)(nil)}: "
                        + detail.replace("\\n", "\n"));
    }

    @Test
    void refusesTransitionRulesWhereNoItemIsKnownAgain() {
        ObjectNode schema = yaml("""
                type: object
                properties:
                  names: {type: array, items: {type: string, x-kubernetes-validations: [{rule: self == oldSelf}]}}
                """);

        assertThat(Rules.errors(schema, "schema"))
                .extracting(FieldError::line)
                .containsExactly("schema.properties[names].items.x-kubernetes-validations[0].rule: Invalid value:"
                        + " \"self == oldSelf\": oldSelf cannot be used on the uncorrelatable portion of the schema within"
                        + " schema.properties[names]");
    }

    @Test
    void refusesADefaultThatBreaksARule() {
        ObjectNode schema = yaml("""
                type: object
                properties:
                  size: {type: integer, default: 9, x-kubernetes-validations: [{rule: self < 5}]}
                """);

        assertThat(Rules.errors(schema, "schema"))
                .extracting(FieldError::line)
                .containsExactly("schema.properties[size].default: Invalid value: \"integer\": failed rule: self < 5");
    }

    private static List<String> lines(ObjectNode schema, String object, Optional<String> old) {
        assertThat(Rules.errors(schema, "schema")).isEmpty();
        return Rules.of(schema).check(yaml(object), old.map(RulesTest::yaml)).stream()
                .map(FieldError::line)
                .toList();
    }

    private static ObjectNode yaml(String text) {
        try {
            return (ObjectNode) YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
