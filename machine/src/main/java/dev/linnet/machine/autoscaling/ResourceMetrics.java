package dev.linnet.machine.autoscaling;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.metrics.v1beta1.ContainerMetrics;
import io.fabric8.kubernetes.api.model.metrics.v1beta1.PodMetrics;
import io.fabric8.kubernetes.api.model.metrics.v1beta1.PodMetricsList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;

/** Asks the resource metrics API ({@code metrics.k8s.io}), which a cluster may or may not have. */
record ResourceMetrics(KubernetesClient client) {

    /** @param selector of the Pods, as {@code status.selector} of a scale has it */
    Usage of(String namespace, String selector) {
        String path = "/apis/metrics.k8s.io/v1beta1/namespaces/" + namespace + "/pods?labelSelector="
                + URLEncoder.encode(selector, StandardCharsets.UTF_8);
        try {
            String json = client.raw(path);
            if (json == null) {
                return unknown("the server could not find the requested resource (get pods.metrics.k8s.io)");
            }
            PodMetricsList list = client.getKubernetesSerialization().unmarshal(json, PodMetricsList.class);
            Map<String, Usage.OfPod> pods = new HashMap<>();
            list.getItems().forEach(pod -> pods.put(pod.getMetadata().getName(), ofPod(pod)));
            return new Usage.Known(pods);
        } catch (KubernetesClientException e) {
            return unknown(String.valueOf(e.getMessage()));
        }
    }

    private static Usage unknown(String why) {
        return new Usage.Unknown("unable to fetch metrics from resource metrics API: " + why);
    }

    private static Usage.OfPod ofPod(PodMetrics pod) {
        Map<String, Map<String, BigDecimal>> containers = new HashMap<>();
        for (ContainerMetrics container : pod.getContainers()) {
            Map<String, BigDecimal> amounts = new HashMap<>();
            for (Map.Entry<String, Quantity> used : container.getUsage().entrySet()) {
                amounts.put(used.getKey(), used.getValue().getNumericalAmount());
            }
            containers.put(container.getName(), amounts);
        }
        Duration window =
                pod.getWindow() == null ? Duration.ZERO : pod.getWindow().getDuration();
        return new Usage.OfPod(OffsetDateTime.parse(pod.getTimestamp()).toInstant(), window, containers);
    }
}
