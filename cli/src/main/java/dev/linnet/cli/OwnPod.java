package dev.linnet.cli;

import java.util.Map;
import java.util.Optional;

/** The Pod in which this program runs, as its environment says; outside of a cluster the names are what is usual. */
record OwnPod(String namespace, String name) {
    static OwnPod of(Map<String, String> environment) {
        return new OwnPod(
                Optional.ofNullable(environment.get("POD_NAMESPACE")).orElse("linnet-system"),
                Optional.ofNullable(environment.get("POD_NAME"))
                        .or(() -> Optional.ofNullable(environment.get("HOSTNAME")))
                        .orElse("gateway"));
    }
}
