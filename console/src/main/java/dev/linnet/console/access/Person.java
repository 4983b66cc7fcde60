package dev.linnet.console.access;

import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * Somebody who has been let in.
 *
 * @param name   as the cluster calls them; actions carry it
 * @param client acts with their rights
 * @param owned  whether the client was opened for this session, and so ends with it
 */
public record Person(String name, KubernetesClient client, boolean owned) {
    void leave() {
        if (owned) {
            client.close();
        }
    }

    /** Without credentials. */
    @Override
    public String toString() {
        return "Person[" + name + "]";
    }
}
