package dev.linnet.gateway.feed;

import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.ServiceRef;
import java.util.Optional;

/**
 * What a gateway obeys.
 *
 * @param classes        which Ingresses are ours
 * @param configMap      the ConfigMap of global options
 * @param defaultBackend who answers what no route answers
 * @param certificate    the Secret of the certificate for hosts without one of their own; without it, one that nobody believes
 * @param namespace      the only one whose objects it obeys and leads to; empty for all
 * @param pod            in which it runs, as {@code namespace/name}: Istio's Gateways may select it by its labels; empty if it is not known
 * @param mesh           the namespace whose Services it serves inside the cluster, rather than anything from outside
 */
public record FeedSettings(
        ClassSettings classes,
        Optional<ObjectRef> configMap,
        Optional<ServiceRef> defaultBackend,
        Optional<SecretRef> certificate,
        Optional<String> namespace,
        Optional<String> pod,
        Optional<String> mesh) {

    /** From outside. */
    public FeedSettings(
            ClassSettings classes,
            Optional<ObjectRef> configMap,
            Optional<ServiceRef> defaultBackend,
            Optional<SecretRef> certificate,
            Optional<String> namespace) {
        this(classes, configMap, defaultBackend, certificate, namespace, Optional.empty(), Optional.empty());
    }

    /** Nothing but Ingresses, and what Istio's objects say. */
    public static FeedSettings of(ClassSettings classes) {
        return new FeedSettings(classes, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Inside the cluster, for the Services of a namespace. */
    public static FeedSettings ofMesh(String namespace) {
        return new FeedSettings(
                ClassSettings.DEFAULT,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(namespace));
    }

    public FeedSettings withConfigMap(ObjectRef ref) {
        return new FeedSettings(classes, Optional.of(ref), defaultBackend, certificate, namespace, pod, mesh);
    }

    public FeedSettings withDefaultBackend(ServiceRef ref) {
        return new FeedSettings(classes, configMap, Optional.of(ref), certificate, namespace, pod, mesh);
    }

    public FeedSettings withCertificate(SecretRef ref) {
        return new FeedSettings(classes, configMap, defaultBackend, Optional.of(ref), namespace, pod, mesh);
    }

    /** In this Pod, {@code namespace/name}. */
    public FeedSettings runningIn(String own) {
        return new FeedSettings(classes, configMap, defaultBackend, certificate, namespace, Optional.of(own), mesh);
    }

    /** Of no namespace but this one. */
    public FeedSettings in(String only) {
        return new FeedSettings(classes, configMap, defaultBackend, certificate, Optional.of(only), pod, mesh);
    }
}
