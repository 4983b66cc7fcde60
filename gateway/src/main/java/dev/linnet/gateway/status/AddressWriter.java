package dev.linnet.gateway.status;

import dev.linnet.gateway.feed.FollowedObject;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressPortStatus;
import io.fabric8.kubernetes.api.model.networking.v1.IngressPortStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes into each Ingress where the gateway can be reached, if it does not say so already. */
final class AddressWriter {
    private static final Logger log = LoggerFactory.getLogger(AddressWriter.class);

    private final KubernetesClient client;
    private final List<IngressLoadBalancerIngress> addresses;
    private final PatchContext patch;

    AddressWriter(KubernetesClient client, StatusSettings settings) {
        this.client = client;
        List<IngressPortStatus> ports =
                settings.ports().stream().map(AddressWriter::port).toList();
        this.addresses = settings.addresses().stream()
                .sorted()
                .map(address -> address(address, ports))
                .toList();
        this.patch = PatchContext.of(PatchType.JSON_MERGE);
        this.patch.setFieldManager("linnet");
    }

    private static IngressPortStatus port(int port) {
        return new IngressPortStatusBuilder().withPort(port).withProtocol("TCP").build();
    }

    private static IngressLoadBalancerIngress address(String address, List<IngressPortStatus> ports) {
        var builder = new IngressLoadBalancerIngressBuilder().withPorts(ports);
        return isIp(address)
                ? builder.withIp(address).build()
                : builder.withHostname(address).build();
    }

    private static boolean isIp(String address) {
        return address.indexOf(':') >= 0 || address.matches("[0-9.]+");
    }

    /** With the version that was seen: if the object is newer by now, its next version comes by and is looked at again. */
    void write(FollowedObject ingress) {
        if (ingress.addresses().equals(addresses)) {
            return;
        }
        Map<String, Object> body = Map.of(
                "metadata", Map.of("resourceVersion", ingress.identity().resourceVersion()),
                "status", Map.of("loadBalancer", Map.of("ingress", addresses)));
        try {
            client.network()
                    .v1()
                    .ingresses()
                    .inNamespace(ingress.object().namespace())
                    .withName(ingress.object().name())
                    .subresource("status")
                    .patch(patch, client.getKubernetesSerialization().asJson(body));
            log.atInfo().addKeyValue("ingress", ingress.object()).log("Address written");
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }
}
