package dev.linnet.gateway.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Service says of where it can be reached (spec of ingress-nginx, §5.5). */
final class AddressesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{type: ExternalName, externalName: lb.example.com} | {} | lb.example.com",
                "{type: ClusterIP, clusterIP: 10.0.0.1} | {} | 10.0.0.1",
                "{clusterIP: None} | {} | ''",
                "{type: NodePort, clusterIP: 10.0.0.1} | {} | 10.0.0.1",
                "{type: NodePort, clusterIP: 10.0.0.1, externalIPs: [192.0.2.1]} | {} | 192.0.2.1",
                "{type: LoadBalancer, clusterIP: 10.0.0.1} | {} | ''",
                "{type: LoadBalancer, externalIPs: [192.0.2.9]} | {loadBalancer: {ingress: [{ip: 192.0.2.1}, {hostname: lb.example.com}]}} | 192.0.2.1 lb.example.com 192.0.2.9",
            })
    void areThoseByWhichItIsReachedFromOutside(String spec, String status, String addresses) {
        Service service = Serialization.unmarshal("spec: " + spec + "\nstatus: " + status + "\n", Service.class);

        assertThat(Addresses.ofService(service))
                .containsExactlyElementsOf(Arrays.stream(addresses.split(" ", -1))
                        .filter(address -> !address.isEmpty())
                        .toList());
    }
}
