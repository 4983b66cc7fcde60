package dev.linnet.gateway.feed;

import dev.linnet.routing.SecretRef;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import java.util.Optional;

/** What happened to one object: how it is now, or that it is gone. A later change of the same key replaces an earlier one. */
sealed interface Change {
    Key key();

    /** One object of one kind. */
    record Key(String kind, String namespace, String name) {}

    /** Of which only what routing and status need waits to be compiled: thousands of them may. */
    record OfIngress(Key key, Optional<Ingress> now) implements Change {
        public OfIngress {
            now = now.map(Slim::of);
        }
    }

    /** An object of Istio; its kind is that of the key. */
    record OfIstio(Key key, Optional<GenericKubernetesResource> now) implements Change {}

    /** An object of Gateway API; its kind is that of the key, as {@link dev.linnet.manifests.gatewayapi.GatewayApiObject} has it. */
    record OfGatewayApi(Key key, Optional<GenericKubernetesResource> now) implements Change {}

    record OfNamespace(Key key, Optional<Namespace> now) implements Change {}

    record OfPod(Key key, Optional<Pod> now) implements Change {}

    record OfIngressClass(Key key, Optional<IngressClass> now) implements Change {}

    record OfService(Key key, Optional<Service> now) implements Change {}

    record OfConfigMap(Key key, Optional<ConfigMap> now) implements Change {}

    record OfEndpointSlice(Key key, Optional<EndpointSlice> now) implements Change {}

    /** A Secret exists in this version, or is gone. Not what is in it: that is asked for only where somebody refers to it. */
    record OfSecretVersion(Key key, Optional<String> version) implements Change {}

    /** A Secret that somebody refers to was read. */
    record OfSecret(Key key, SecretRef secret, SecretReading reading) implements Change {}

    /** Other addresses have been found under a name outside of the cluster. */
    record OfName(String host) implements Change {
        @Override
        public Key key() {
            return new Key("Name", "", host);
        }
    }

    /** All objects that existed at the start have been told: from now on a table is whole. */
    record AllListed() implements Change {
        private static final Key KEY = new Key("", "", "");

        @Override
        public Key key() {
            return KEY;
        }
    }
}
