package dev.linnet.gateway.feed;

import dev.linnet.manifests.ingress.ClassSettings;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.ServiceRef;
import java.util.Optional;

/**
 * What a gateway obeys.
 *
 * @param classes        which Ingresses are ours
 * @param configMap      the ConfigMap of global options
 * @param defaultBackend who answers what no route answers
 */
public record FeedSettings(ClassSettings classes, Optional<ObjectRef> configMap, Optional<ServiceRef> defaultBackend) {

    /** Nothing but Ingresses. */
    public static FeedSettings of(ClassSettings classes) {
        return new FeedSettings(classes, Optional.empty(), Optional.empty());
    }

    public FeedSettings withConfigMap(ObjectRef ref) {
        return new FeedSettings(classes, Optional.of(ref), defaultBackend);
    }

    public FeedSettings withDefaultBackend(ServiceRef ref) {
        return new FeedSettings(classes, configMap, Optional.of(ref));
    }
}
