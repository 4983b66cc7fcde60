package dev.linnet.manifests.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SliceReadingTest {
    @Test
    void leadsToWhatIsServedByHttpAtItsFirstPort() {
        EndpointSlice slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withName("one")
                .withNamespace("test")
                .addToLabels(SliceReading.SERVICE_LABEL, "gateway")
                .endMetadata()
                .withAddressType("IPv6")
                .addNewPort()
                .withPort(10254)
                .endPort()
                .addNewPort()
                .withPort(80)
                .endPort()
                .addNewEndpoint()
                .withAddresses("fd00::1")
                .endEndpoint()
                .addNewEndpoint()
                .withAddresses("10.0.0.1")
                .endEndpoint()
                .addNewEndpoint()
                .withAddresses("gateway.example.com")
                .endEndpoint()
                .build();

        assertThat(SliceReading.of(slice).orElseThrow().urls())
                .isEqualTo(List.of(URI.create("http://[fd00::1]:10254"), URI.create("http://10.0.0.1:10254")));
    }
}
