package dev.linnet.machine.node.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageNameTest {

    @ParameterizedTest
    @CsvSource({
        "podinfo, podinfo, latest",
        "podinfo:6.1.0, podinfo, 6.1.0",
        "stefanprodan/podinfo:3.1.0, podinfo, 3.1.0",
        "localhost:5000/podinfo, podinfo, latest",
        "localhost:5000/a/b/podinfo:v1, podinfo, v1",
        "ghcr.io/x/podinfo@sha256:0123, podinfo, latest",
        "ghcr.io/x/podinfo:6.1.0@sha256:0123, podinfo, 6.1.0",
    })
    void countsOnlyTheLastPathElementAndTheTag(String image, String name, String tag) {
        assertThat(ImageName.parse(image)).isEqualTo(new ImageName(name, tag));
    }
}
