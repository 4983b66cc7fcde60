package dev.linnet.apiserver.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class MisplacedAnnotationsTest {

    @Test
    void takesAnnotationsThatLostTheirIndentationForWhatTheyAreAndTellsTheirAuthor() throws Exception {
        ObjectNode object = yaml("""
                metadata:
                  name: web
                  annotations:
                  example.com/canary: "true"
                """);
        List<String> warnings = MisplacedAnnotations.mend(object);
        assertThat(object).isEqualTo(yaml("{metadata: {name: web, annotations: {example.com/canary: 'true'}}}"));
        assertThat(warnings).singleElement().asString().startsWith("metadata.example.com/canary is no field");
    }

    @Test
    void keepsTheAnnotationsThatStandWhereTheyBelong() throws Exception {
        ObjectNode object = yaml("{metadata: {annotations: {a/b: x}, c/d: y}}");
        assertThat(MisplacedAnnotations.mend(object)).hasSize(1);
        assertThat(object).isEqualTo(yaml("{metadata: {annotations: {a/b: x, c/d: y}}}"));
    }

    @Test
    void takesAnAnnotationAwayWhereAPatchSaysNullInTheWrongPlace() throws Exception {
        ObjectNode patch = yaml("{metadata: {c/d: null}}");
        MisplacedAnnotations.mend(patch);
        assertThat(patch).isEqualTo(yaml("{metadata: {annotations: {c/d: null}}}"));
    }

    @Test
    void leavesOtherUnknownFieldsToStrictDecoding() throws Exception {
        ObjectNode object = yaml("{metadata: {nmae: web, a/b: {c: d}}}");
        assertThat(MisplacedAnnotations.mend(object)).isEmpty();
        assertThat(object).isEqualTo(yaml("{metadata: {nmae: web, a/b: {c: d}}}"));
    }

    private static ObjectNode yaml(String text) throws Exception {
        return (ObjectNode) new YAMLMapper().readTree(text);
    }
}
