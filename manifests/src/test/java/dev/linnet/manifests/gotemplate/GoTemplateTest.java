package dev.linnet.manifests.gotemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates as authors of metrics write them. What is expected is what Go prints. */
final class GoTemplateTest {
    private static final Map<String, Value> VALUES = Map.of(
            "name", Value.of("podinfo"),
            "namespace", Value.of("test"),
            "target", Value.of("podinfo"),
            "interval", Value.of("1m"),
            "variables", Value.of(Map.of("code", "404", "direction", "inbound")));

    private static String rendered(String template) throws TemplateMistake {
        return GoTemplate.parse(template, VALUES).render();
    }

    @Test
    void fillsTheQueryOfADocumentedMetric() throws TemplateMistake {
        String query = """
                100 - sum(
                    rate(
                        istio_requests_total{
                          reporter="destination",
                          destination_workload_namespace="{{ namespace }}",
                          destination_workload="{{ target }}",
                          response_code!="{{ variables.code }}"
                        }[{{ interval }}]
                    )
                )
                """;

        assertThat(rendered(query))
                .isEqualTo(query.replace("{{ namespace }}", "test")
                        .replace("{{ target }}", "podinfo")
                        .replace("{{ variables.code }}", "404")
                        .replace("{{ interval }}", "1m"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "→",
            quoteCharacter = '~',
            value = {
                "{{ printf \"%s-%s\" name namespace }} → podinfo-test",
                "{{ name | printf \"%s/%s\" namespace }} → test/podinfo",
                "{{ printf \"%q %5d|%-5d|%05d %x\" name 42 42 42 255 }} → \"podinfo\"    42|42   |00042 ff",
                "{{ printf \"%.2f %g %v %e\" 3.14159 1e21 1e20 1500.0 }} → 3.14 1e+21 100000000000000000000 1.500000e+03",
                "{{ printf \"%d\" name }} → %!d(string=podinfo)",
                "{{ printf \"%s %s\" name }} → podinfo %!s(MISSING)",
                "{{ printf \"x\" name }} → x%!(EXTRA string=podinfo)",
                "{{ printf \"100%%\" }} → 100%",
                "{{ printf `%T` variables }} → map[string]string",
                "{{ if eq namespace \"prod\" \"test\" }}yes{{ else }}no{{ end }} → yes",
                "{{ if and (eq name \"podinfo\") (ne namespace \"x\") }}a{{ end }} → a",
                "{{ if not variables.code }}a{{ else if lt 1 2 }}b{{ else }}c{{ end }} → b",
                "{{ with variables.code }}<{{ . }}>{{ end }} → <404>",
                "{{ with \"\" }}a{{ else }}b{{ end }} → b",
                "{{ range $k, $v := variables }}{{ $k }}={{ $v }};{{ end }} → code=404;direction=inbound;",
                "{{ range variables }}{{ . }} {{ end }}end → 404 inbound end",
                "{{ range $i := 5 }}{{ if eq $i 1 }}{{ continue }}{{ end }}{{ if eq $i 3 }}{{ break }}{{ end }}{{ $i }}{{ end }} → 02",
                "{{ $x := \"a\" }}{{ if true }}{{ $x = \"b\" }}{{ end }}{{ $x }} → b",
                "{{ $x := \"a\" }}{{ if true }}{{ $x := \"b\" }}{{ end }}{{ $x }} → a",
                "a {{- /* not told */ -}}  b → ab",
                "a  {{- name -}}  b → apodinfob",
                "{{ define \"sel\" }}ns={{ . }}{{ end }}{{ template \"sel\" namespace }} → ns=test",
                "{{ block \"b\" name }}[{{ . }}]{{ end }} → [podinfo]",
                "{{ len name }}{{ len variables }} → 72",
                "{{ index variables \"code\" }}{{ index variables \"none\" }} → 404",
                "{{ slice name 0 3 }} → pod",
                "{{ (index variables \"code\") | len }} → 3",
                "{{ print 1 2 \"a\" 3 }} → 1 2a3",
                "{{ html \"<a>\" }} → &lt;a&gt;",
                "{{ urlquery \"a b&c\" }} → a+b%26c",
                "{{ variables }} → map[code:404 direction:inbound]",
                "{{ . }} → <no value>",
                "{{ 0x1F }} {{ 1_000 }} {{ 'a' }} {{ -3 }} {{ 1.50 }} → 31 1000 97 -3 1.5",
                "{{ \"\\t\\u0041\\x42\" | printf \"%q\" }} → \"\\tAB\"",
                "{{ if or \"\" name }}{{ or \"\" name }}{{ end }} → podinfo",
                "{{ or name (index name 99) }} → podinfo",
                "{{ ge 2 2 }}{{ gt \"a\" \"b\" }} → truefalse",
            })
    void rendersAsGoDoes(String template, String expected) throws TemplateMistake {
        assertThat(rendered(template)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "→",
            quoteCharacter = '~',
            value = {
                "{{ nmae }} → line 1: function \"nmae\" is not defined (expected: one of and, eq,",
                "{{ variables.other }} → line 1: map has no entry for key \"other\"",
                "{{ name.first }} → can't evaluate field first in type string",
                "{{ .first }} → can't evaluate field first in type nil",
                "{{ $x }} → variable $x is not defined",
                "{{ name namespace }} → can't give argument to non-function name",
                "{{ if name }} → unexpected the end of the query (expected: {{end}})",
                "{{ end }} → unexpected {{ (expected: if, range or with before it)",
                "{{ name → an action is not closed (expected: }})",
                "{{ eq 1 \"a\" }} → incompatible types for comparison: int and string",
                "{{ lt 1 }} → wrong number of args for lt: want 2 got 1",
                "{{ len 3 }} → len of type int",
                "{{ break }} → (expected: it within range)",
                "{{ template \"none\" }} → template \"none\" is not defined",
                "{{ \"\\z\" }} → \\z is no escape",
                "{{ }} → (expected: a value)",
                "{{ 09 }} → 09 is no number",
                "{{ range name }}{{ end }} → range can't iterate over a string",
                "{{ # }} → cannot read #",
            })
    void saysWhatIsWrong(String template, String expected) {
        assertThat(mistake(template)).contains(expected);
    }

    @Test
    void namesTheLine() {
        assertThat(mistake("sum(\n  rate(\n{{ nope }}")).startsWith("line 3: ");
    }

    /** Templates come from people whom nobody knows: none may take memory or time without end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ range 1000000000000 }}{{ end }}",
                "{{ range 100000 }}0123456789{{ end }}",
                "{{ define \"a\" }}{{ template \"a\" }}{{ end }}{{ template \"a\" }}",
                "{{ $x := \"0123456789\" }}{{ range 60 }}{{ $x = print $x $x }}{{ end }}",
                "{{ range 9999 }}{{ range 9999 }}{{ $x := . }}{{ end }}{{ end }}",
            })
    void endsWhatWouldNotEnd(String template) {
        assertThat(mistake(template)).isNotEmpty();
    }

    @Test
    void takesNoEndlessNesting() {
        assertThat(mistake("{{ " + "(".repeat(100_000) + " }}")).contains("parentheses");
        assertThat(mistake("{{ if name }}".repeat(100_000))).contains("within each other");
    }

    private static String mistake(String template) {
        TemplateMistake mistake = catchThrowableOfType(TemplateMistake.class, () -> rendered(template));
        assertThat(mistake).as(template).isNotNull();
        return mistake.text();
    }
}
