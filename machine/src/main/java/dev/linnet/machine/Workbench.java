package dev.linnet.machine;

import dev.linnet.machine.control.Events;
import dev.linnet.machine.control.Informers;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;

/**
 * What the parts of one machine share.
 *
 * @param client    to the API, as the machine
 * @param informers caches of what the API has; each part asks for its kinds when it is made, before they start
 */
public record Workbench(KubernetesClient client, Informers informers, Events events, InstantSource clock) {}
