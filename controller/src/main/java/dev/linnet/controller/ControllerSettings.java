package dev.linnet.controller;

import dev.linnet.controller.fetch.OwnToken;
import dev.linnet.controller.mesh.MeshSettings;
import dev.linnet.controller.metrics.Gateways;
import dev.linnet.controller.metrics.Measurements;
import dev.linnet.controller.tell.AlertReceivers;
import dev.linnet.routing.Secret;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a controller is told.
 *
 * @param namespace         the only one that it watches; empty for all
 * @param provider          routes where a Canary names none
 * @param annotationsPrefix of Ingresses
 * @param selectorLabels    labels that tell a target's Pods from its primary's, in order of preference
 * @param labelPrefixes     prefixes of labels and annotations that primaries carry too
 * @param tracksConfigs     whether ConfigMaps and Secrets belong to a version
 * @param gateways          whose numbers are read
 * @param measuring         where metrics are asked for that no template names
 * @param aws               what of the environment says who this process is for AWS
 * @param metrics           where its own metrics are
 * @param alerts            who is told alerts
 * @param eventWebhook      where events of Canaries without such a webhook go
 * @param leases            elects a leader among several
 * @param account           its own ServiceAccount, if it has one, for load testers that want to know who calls
 * @param webhookProxies    through which webhooks are called
 * @param mesh              how gateways inside the cluster are run
 */
public record ControllerSettings(
        Optional<String> namespace,
        String provider,
        String annotationsPrefix,
        List<String> selectorLabels,
        List<String> labelPrefixes,
        boolean tracksConfigs,
        Gateways.Where gateways,
        Measurements.Settings measuring,
        Secret<Map<String, String>> aws,
        InetSocketAddress metrics,
        AlertReceivers.Usual alerts,
        Optional<String> eventWebhook,
        Optional<Leases> leases,
        Optional<OwnToken.Account> account,
        ProxySelector webhookProxies,
        MeshSettings mesh) {
    public ControllerSettings {
        selectorLabels = List.copyOf(selectorLabels);
        labelPrefixes = List.copyOf(labelPrefixes);
    }

    /**
     * Where the leader's Lease is, and who this one is.
     *
     * @param duration after which another one leads if the leader is not heard of; at least two seconds
     */
    public record Leases(String namespace, String identity, Duration duration) {
        /** As Flagger's. */
        public static final Duration USUAL = Duration.ofSeconds(15);
    }
}
