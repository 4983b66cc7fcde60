package dev.linnet.machine.node.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.machine.address.LowPorts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class PodPortsTest {

    private final Pod pod = Serialization.unmarshal("""
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              initContainers: [{name: side, ports: [{containerPort: 443}]}]
              containers: [{name: app, ports: [{name: http, containerPort: 80}, {containerPort: 8080}]}]
            """, Pod.class);

    @Test
    void tellsOnlyThePortsThatAreNotWhatThePodSays() {
        assertThat(PodPorts.annotation(PodPorts.of(pod, new LowPorts(1024)))).contains("80=20080,443=20443");
        assertThat(PodPorts.annotation(PodPorts.of(pod, LowPorts.allowed()))).isEmpty();
    }

    @Test
    void findsAPortByNameOrNumber() {
        Container app = pod.getSpec().getContainers().getFirst();

        assertThat(PodPorts.resolve(new IntOrString("http"), app)).contains(80);
        assertThat(PodPorts.resolve(new IntOrString(9000), app)).contains(9000);
        assertThat(PodPorts.resolve(new IntOrString("9000"), app)).contains(9000);
        assertThat(PodPorts.resolve(new IntOrString("nope"), app)).isEmpty();
    }
}
