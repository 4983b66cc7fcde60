package dev.linnet.manifests.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Why a Service's traffic cannot pass through gateways, in words. */
final class RefusalTest {
    private static final String OF_PODS = "{podSelector: {matchLabels: {app: back}}, policyTypes: [Ingress]";
    private static final String OF_ALL = "{podSelector: {}, policyTypes: [Ingress]";

    @Test
    void refusesWhatTheServiceSpeaksAgainst() {
        assertThat(Refusal.of(service())).isEmpty();
        assertThat(refusal(service -> service.getSpec().setClusterIP("None"))).contains("headless");
        assertThat(refusal(service -> service.getSpec().setType("ExternalName")))
                .contains("ExternalName");
        assertThat(refusal(service -> service.getSpec().setSelector(Map.of()))).contains("no selector");
        assertThat(refusal(service -> service.getSpec().setExternalIPs(List.of("192.0.2.1"))))
                .contains("externalIPs");
        assertThat(refusal(service -> service.getSpec().setInternalTrafficPolicy("Local")))
                .contains("internalTrafficPolicy");
        assertThat(refusal(service -> service.getSpec().getPorts().getFirst().setName("grpc-api")))
                .contains("port 80 is not HTTP/1.1");
        assertThat(refusal(service -> service.getSpec().getPorts().getFirst().setAppProtocol("https")))
                .contains("port 80 is not HTTP/1.1 (https)");
        assertThat(refusal(service -> service.getSpec().getPorts().getFirst().setProtocol("UDP")))
                .contains("port 80 is not HTTP/1.1 (UDP)");
        assertThat(refusal(owned("eventing.example.com/v1", "Broker"))).contains("Broker b keeps it");
        assertThat(refusal(owned("flagger.app/v1beta1", "Canary"))).isEmpty();
    }

    private static Consumer<Service> owned(String apiVersion, String kind) {
        return service -> service.getMetadata()
                .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                        .withApiVersion(apiVersion)
                        .withKind(kind)
                        .withName("b")
                        .withController(true)
                        .build()));
    }

    private static String refusal(Consumer<Service> change) {
        Service service = service();
        change.accept(service);
        return Refusal.of(service).orElse("");
    }

    @Test
    void refusesWhatHasSidecars() {
        Pod plain = pod();
        assertThat(refusal(plain)).isEmpty();
        assertThat(refusal(new PodBuilder(plain)
                        .editSpec()
                        .addNewContainer()
                        .withName("istio-proxy")
                        .endContainer()
                        .endSpec()
                        .build()))
                .isEqualTo("Pod back-1 has a sidecar (container istio-proxy), which routes its requests already");
        assertThat(refusal(new PodBuilder(plain)
                        .editSpec()
                        .addNewInitContainer()
                        .withName("istio-proxy")
                        .withRestartPolicy("Always")
                        .endInitContainer()
                        .endSpec()
                        .build()))
                .contains("container istio-proxy");
        assertThat(refusal(new PodBuilder(plain)
                        .editMetadata()
                        .addToAnnotations("sidecar.istio.io/inject", "true")
                        .endMetadata()
                        .build()))
                .contains("sidecar.istio.io/inject");
        assertThat(refusal(new PodBuilder(plain)
                        .editMetadata()
                        .addToLabels("sidecar.istio.io/inject", "false")
                        .endMetadata()
                        .build()))
                .isEmpty();
    }

    private static String refusal(Pod pod) {
        return Refusal.of(service(), List.of(pod), List.of(), Map.of()).orElse("");
    }

    @Test
    void letsThroughWhatPoliciesLetThrough() {
        assertThat(refusal()).isEmpty();
        assertThat(refusal("{podSelector: {matchLabels: {app: other}}, policyTypes: [Ingress]}"))
                .as("of other Pods")
                .isEmpty();
        assertThat(refusal(OF_PODS + ", ingress: [{}]}")).isEmpty();
        assertThat(refusal(OF_PODS + ", ingress: [{ports: [{port: 8080}]}]}")).isEmpty();
        assertThat(refusal(OF_PODS + ", ingress: [{ports: [{port: http}]}]}")).isEmpty();
        assertThat(refusal(OF_PODS + ", ingress: [{ports: [{port: 8000, endPort: 9000}]}]}"))
                .isEmpty();
        assertThat(refusal(OF_PODS
                        + ", ingress: [{from: [{podSelector: {matchLabels: {linnet.dev/mesh-gateway: 'true'}}}]}]}"))
                .isEmpty();
        assertThat(refusal(OF_PODS + ", ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}"))
                .isEmpty();
        assertThat(refusal(OF_PODS + ", ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}"))
                .isEmpty();
        assertThat(refusal(OF_ALL + ", ingress: [{from: [{podSelector: {}}]}]}"))
                .as("all of the namespace among each other")
                .isEmpty();
        assertThat(refusal("{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}"))
                .isEmpty();
    }

    @Test
    void refusesWhatPoliciesOfItsPodsKeepFromGateways() {
        String words =
                "NetworkPolicy p0 does not admit gateways to port 8080 of Pod back-1 (expected: one that does, for"
                        + " Pods with linnet.dev/mesh-gateway: \"true\")";
        assertThat(refusal(OF_PODS + "}")).isEqualTo(words);
        assertThat(refusal(OF_PODS + ", ingress: [{from: [{podSelector: {matchLabels: {app: front}}}]}]}"))
                .isEqualTo(words);
        assertThat(refusal(OF_PODS + ", ingress: [{ports: [{port: 9090}]}]}")).isEqualTo(words);
        assertThat(refusal(OF_PODS + ", ingress: [{ports: [{port: 8080, protocol: UDP}]}]}"))
                .isEqualTo(words);
        assertThat(refusal(OF_PODS + ", ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]}"))
                .isEqualTo(words);
        assertThat(refusal(OF_PODS + ", ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}"))
                .isEqualTo(words);
        assertThat(refusal("{podSelector: {matchLabels: {app: back}}}"))
                .as("whoever says nothing of directions means Ingress")
                .isEqualTo(words);
        assertThat(refusal(OF_PODS + "}", OF_PODS + ", ingress: [{}]}"))
                .as("what one of them admits is admitted")
                .isEmpty();
    }

    @Test
    void refusesWhatPoliciesOfGatewaysKeepFromCallersOrPods() {
        assertThat(refusal(OF_ALL + ", ingress: [{ports: [{port: 8080}]}]}"))
                .isEqualTo(
                        "NetworkPolicy p0 does not admit all callers to gateways (expected: one that does, for Pods with"
                                + " linnet.dev/mesh-gateway: \"true\")");
        assertThat(
                        refusal(
                                "{podSelector: {matchLabels: {linnet.dev/mesh-gateway: 'true'}}, ingress: [{from: [{podSelector: {}}]}]}"))
                .contains("does not admit all callers to gateways");
        assertThat(
                        refusal(
                                "{podSelector: {matchLabels: {app: linnet-mesh}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: dns}}}]}]}"))
                .contains("NetworkPolicy p0 does not let gateways reach its Pods");
    }

    /** @param specs of policies p0, p1 and so on */
    private static String refusal(String... specs) {
        List<NetworkPolicy> policies = Arrays.stream(specs)
                .map(spec -> "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p"
                        + Arrays.asList(specs).indexOf(spec) + "}, spec: " + spec + "}")
                .map(text -> read(text))
                .toList();
        return Refusal.of(service(), List.of(pod()), policies, Map.of("team", "a"))
                .orElse("");
    }

    private static NetworkPolicy read(String text) {
        try {
            return new YAMLMapper().readValue(text, NetworkPolicy.class);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    private static Pod pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withName("back-1")
                .withLabels(Map.of("app", "back"))
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("back")
                .addNewPort()
                .withName("http")
                .withContainerPort(8080)
                .endPort()
                .endContainer()
                .endSpec()
                .build();
    }

    private static Service service() {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("back")
                .endMetadata()
                .withNewSpec()
                .withType("ClusterIP")
                .withClusterIP("10.0.0.1")
                .withSelector(Map.of("app", "back"))
                .withPorts(new ServicePortBuilder()
                        .withName("http")
                        .withPort(80)
                        .withProtocol("TCP")
                        .withTargetPort(new IntOrString("http"))
                        .build())
                .endSpec()
                .build();
    }
}
