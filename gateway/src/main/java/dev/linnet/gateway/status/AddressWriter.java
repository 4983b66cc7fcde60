package dev.linnet.gateway.status;

import dev.linnet.gateway.feed.FollowedObject;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes into each Ingress where the gateway can be reached, if it does not say so already, and nobody else does. */
final class AddressWriter {
    private static final Logger log = LoggerFactory.getLogger(AddressWriter.class);

    private final KubernetesClient client;
    private final Rivals rivals;
    private final PatchContext patch;

    AddressWriter(KubernetesClient client, Rivals rivals) {
        this.client = client;
        this.rivals = rivals;
        this.patch = PatchContext.of(PatchType.JSON_MERGE);
        this.patch.setFieldManager("linnet");
    }

    /** With the version that was seen: if the object is newer by now, its next version comes by and is looked at again. */
    void write(FollowedObject ingress, List<IngressLoadBalancerIngress> addresses) {
        if (ingress.status().addresses().equals(addresses) || rivals.claim(ingress)) {
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
            rivals.written(ingress.object());
            log.atInfo().addKeyValue("ingress", ingress.object()).log("Address written");
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }
}
