package dev.linnet.samples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ManifestsTest {

    @Test
    void eachHasANameAndALineThatTellsWhatItDeploys() {
        assertThat(Samples.manifestNames().sequencedKeySet())
                .containsExactly("podinfo", "myapp", "nginx", "openresty", "mesh", "loadtester");
        assertThat(Samples.manifestNames().sequencedValues())
                .allMatch(line -> line.endsWith(".") && line.length() > 40 && line.length() < 130);
    }

    @Test
    void podinfoIsWhatCanaryTutorialsDeploy() {
        assertThat(Samples.manifests("podinfo").orElseThrow())
                .contains(
                        "kind: Namespace\nmetadata:\n  name: test\n",
                        "name: podinfod\n          image: stefanprodan/podinfo:3.1.0\n",
                        "kind: HorizontalPodAutoscaler",
                        "minReplicas: 2\n  maxReplicas: 4\n");
    }

    @Test
    void unknownNamesHaveNone() {
        assertThat(Samples.manifests("../podinfo")).isEmpty();
    }

    @Test
    void useImagesOfSamplesAndOfLinnetOnly() {
        for (String name : Samples.manifestNames().sequencedKeySet()) {
            String yaml = Samples.manifests(name).orElseThrow();
            assertThat(yaml.lines().filter(line -> line.contains("image: ")))
                    .isNotEmpty()
                    .allMatch(line -> line.endsWith("image: linnet")
                            || Samples.all().stream().anyMatch(sample -> line.contains(sample.name())));
        }
    }
}
