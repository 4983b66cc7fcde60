package dev.linnet.machine.node.spec;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The ConfigMaps and Secrets of a Pod's namespace. Empty where there is none of that name. */
public interface References {

    /** The content of a ConfigMap by key; texts as UTF-8. */
    Optional<Map<String, byte[]>> configMap(String name);

    /** The content of a Secret by key, decoded. */
    Optional<Map<String, byte[]>> secret(String name);

    /**
     * A new token of the Pod's ServiceAccount, good as long as the Pod is there.
     *
     * @param audience for whom; empty for the API itself
     */
    String token(String audience, Duration life);
}
