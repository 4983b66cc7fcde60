package dev.linnet.machine.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class PodTemplatesTest {
    private static final String PLAIN = """
            metadata:
              labels: {app: web}
            spec:
              containers:
              - name: web
                image: web:1
                resources:
                  requests: {cpu: 1000m, memory: 1Gi}
            """;

    private static PodTemplateSpec template(String yaml) {
        return Serialization.unmarshal(yaml, PodTemplateSpec.class);
    }

    @Test
    void nullsOrderEmptyMapsAndSpellingsOfAmountsDoNotMakeANewVersion() {
        PodTemplateSpec sentBackByUndo = template("""
                spec:
                  securityContext: {}
                  nodeSelector: {}
                  volumes: []
                  containers:
                  - image: web:1
                    resources:
                      requests: {memory: 1024Mi, cpu: "1"}
                      limits: {}
                    name: web
                metadata:
                  creationTimestamp: null
                  labels: {pod-template-hash: bcd5f, app: web}
                """);

        assertThat(PodTemplates.same(template(PLAIN), sentBackByUndo)).isTrue();
        assertThat(PodTemplates.hash(template(PLAIN), 0)).isEqualTo(PodTemplates.hash(sentBackByUndo, 0));
    }

    @Test
    void whatMakesOtherPodsIsANewVersion() {
        PodTemplateSpec plain = template(PLAIN);
        assertThat(PodTemplates.same(plain, template(PLAIN.replace("web:1", "web:2"))))
                .isFalse();
        assertThat(PodTemplates.same(plain, template(PLAIN.replace("{app: web}", "{app: web, x: y}"))))
                .isFalse();
        String withVolume = PLAIN + "  volumes: [{name: tmp, emptyDir: {}}]\n";
        String withOther = PLAIN + "  volumes: [{name: tmp}]\n";
        assertThat(PodTemplates.same(template(withVolume), template(withOther))).isFalse();
    }

    @Test
    void hashesStayTheSameInAllVersionsOfThisProgram() {
        assertThat(PodTemplates.hash(template(PLAIN), 0)).isEqualTo("649868b944");
        assertThat(PodTemplates.hash(template(PLAIN), 1)).isNotEqualTo(PodTemplates.hash(template(PLAIN), 0));
    }
}
