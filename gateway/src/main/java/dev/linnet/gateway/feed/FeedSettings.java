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
 */
public record FeedSettings(
        ClassSettings classes,
        Optional<ObjectRef> configMap,
        Optional<ServiceRef> defaultBackend,
        Optional<SecretRef> certificate) {

    /** Nothing but Ingresses. */
    public static FeedSettings of(ClassSettings classes) {
        return new FeedSettings(classes, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public FeedSettings withConfigMap(ObjectRef ref) {
        return new FeedSettings(classes, Optional.of(ref), defaultBackend, certificate);
    }

    public FeedSettings withDefaultBackend(ServiceRef ref) {
        return new FeedSettings(classes, configMap, Optional.of(ref), certificate);
    }

    public FeedSettings withCertificate(SecretRef ref) {
        return new FeedSettings(classes, configMap, defaultBackend, Optional.of(ref));
    }
}
