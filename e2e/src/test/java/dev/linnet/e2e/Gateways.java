package dev.linnet.e2e;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;

/** What a gateway says about itself on its metrics address. */
final class Gateways {
    private Gateways() {}

    /** Waits until the table in force was made from this version of the object, or a later one. */
    static void awaitApplied(Cluster cluster, String object, long version) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> snapshot(cluster).path("applied").path(object).asLong() >= version);
    }

    static JsonNode snapshot(Cluster cluster) throws Exception {
        URI snapshot = URI.create("http://" + cluster.address("metrics") + "/linnet/v1/snapshot");
        try (InputStream in = snapshot.toURL().openStream()) {
            return new ObjectMapper().readTree(in);
        }
    }
}
