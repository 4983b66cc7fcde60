package dev.linnet.gateway.status;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.gateway.feed.FollowedObject;
import dev.linnet.gateway.feed.FollowedObject.StatusWish;
import dev.linnet.manifests.gatewayapi.GatewayApiObject;
import dev.linnet.manifests.gatewayapi.ObjectStatus.Address;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes conditions into objects of Gateway API, if they do not say so already (spec of Istio and Gateway API, §6.1). */
final class ConditionWriter {
    private static final Logger log = LoggerFactory.getLogger(ConditionWriter.class);

    private static final Map<String, String> PLURALS = Map.of(
            GatewayApiObject.GATEWAY_CLASS, "gatewayclasses",
            GatewayApiObject.GATEWAY, "gateways",
            GatewayApiObject.HTTP_ROUTE, "httproutes");

    private final KubernetesClient client;
    private final Clock clock;
    private final PatchContext patch;

    ConditionWriter(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.patch = PatchContext.of(PatchType.JSON_MERGE);
        this.patch.setFieldManager("linnet");
    }

    /** With the version that was seen: if the object is newer by now, its next version comes by and is looked at again. */
    void write(FollowedObject object, StatusWish wish, List<IngressLoadBalancerIngress> addresses) {
        List<Address> reachable =
                addresses.stream().map(ConditionWriter::address).toList();
        Optional<ObjectNode> status = wish.wanted().toWrite(wish.current(), reachable, clock.instant());
        if (status.isEmpty()) {
            return;
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("metadata").put("resourceVersion", object.identity().resourceVersion());
        body.set("status", status.get());
        try {
            resource(object).subresource("status").patch(patch, body.toString());
            log.atInfo().addKeyValue("object", object.object()).log("Status written");
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }

    private static Address address(IngressLoadBalancerIngress address) {
        return address.getIp() == null
                ? new Address("Hostname", address.getHostname())
                : new Address("IPAddress", address.getIp());
    }

    private Resource<GenericKubernetesResource> resource(FollowedObject object) {
        String kind = object.object().kind();
        boolean namespaced = !kind.equals(GatewayApiObject.GATEWAY_CLASS);
        ResourceDefinitionContext context = new ResourceDefinitionContext.Builder()
                .withGroup(GatewayApiObject.GROUP)
                .withVersion("v1")
                .withKind(kind.equals(GatewayApiObject.GATEWAY) ? "Gateway" : kind)
                .withPlural(PLURALS.getOrDefault(kind, ""))
                .withNamespaced(namespaced)
                .build();
        var all = client.genericKubernetesResources(context);
        return namespaced
                ? all.inNamespace(object.object().namespace())
                        .withName(object.object().name())
                : all.withName(object.object().name());
    }
}
