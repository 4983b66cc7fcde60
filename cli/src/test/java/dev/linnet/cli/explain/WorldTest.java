package dev.linnet.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.ManifestFiles;
import dev.linnet.manifests.Manifests;
import dev.linnet.manifests.endpoints.PodReading;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files say of Pods. */
final class WorldTest {
    @Test
    void findsThePodThatASliceNamesBesideSlicesThatSayTooLittle(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("slices.yaml"), """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: none, namespace: shop, labels: {kubernetes.io/service-name: back}}
                addressType: IPv4
                endpoints: null
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: back, namespace: shop, labels: {kubernetes.io/service-name: back}}
                addressType: IPv4
                endpoints:
                - {addresses: null, targetRef: {kind: Pod, name: back-1}}
                - {addresses: [10.0.0.1], targetRef: {kind: Pod, name: back-1}}
                """);
        Manifests manifests = ManifestFiles.read(List.of(file), InputStream.nullInputStream());

        PodReading found =
                World.ofFiles(manifests).pods().find("shop", "back-1").orElseThrow();

        assertThat(found.addresses()).containsExactly("10.0.0.1");
    }
}
