package dev.linnet.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.kinds.Names;
import dev.linnet.apiserver.store.ObjectKey;
import dev.linnet.apiserver.store.ObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Gives each Pod a ServiceAccount, which must exist, and its containers that account's credentials. As Kubernetes' admission plugin ServiceAccount does.
 */
final class PodAccounts {
    private static final String USUAL = "default";
    private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String VOLUME = "kube-api-access-";
    /** An hour, and so little more that it tells these tokens from others. */
    private static final int TOKEN_SECONDS = 3_607;

    private static final int READABLE = 0644;
    /** A new namespace gets its account a moment after it was made. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Duration BETWEEN = Duration.ofMillis(20);

    private final ObjectStore store;
    private final RandomGenerator random;

    PodAccounts(ObjectStore store, RandomGenerator random) {
        this.store = store;
        this.random = random;
    }

    /**
     * Waits until the account is there that each namespace gets, if the Pod is to have that one; for a while, without saying how it ended.
     * Not in the Pod's turn to write, in which the account's own might be.
     */
    void await(ObjectNode pod) {
        ObjectKey key = key(pod);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (key.name().equals(USUAL) && store.get(key).isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(BETWEEN.toNanos());
        }
    }

    /** @throws ApiFailure 403 when there is no such ServiceAccount */
    void admit(ObjectNode pod) {
        ObjectNode spec = Json.child(pod, "spec");
        ObjectKey key = key(pod);
        spec.put("serviceAccountName", key.name());
        spec.put("serviceAccount", key.name());
        ObjectNode account = store.get(key).orElseThrow(() -> missing(pod, key)).tree();
        if (spec.path("imagePullSecrets").isEmpty()
                && !account.path("imagePullSecrets").isEmpty()) {
            spec.set("imagePullSecrets", account.get("imagePullSecrets"));
        }
        if (wantsCredentials(spec, account)) {
            mount(spec);
        }
    }

    private static ObjectKey key(ObjectNode pod) {
        JsonNode spec = pod.path("spec");
        String name = spec.path("serviceAccountName").asText("");
        String legacy = spec.path("serviceAccount").asText("");
        return new ObjectKey(
                "serviceaccounts",
                Meta.of(pod).namespace(),
                !name.isEmpty() ? name : !legacy.isEmpty() ? legacy : USUAL);
    }

    private static ApiFailure missing(ObjectNode pod, ObjectKey key) {
        Meta meta = Meta.of(pod);
        String generated = meta.text("generateName");
        return ApiFailure.forbidden(
                new ApiFailure.Subject("", "pods", generated.isEmpty() ? meta.name() : generated),
                "error looking up service account " + key.namespace() + "/" + key.name() + ": serviceaccount \""
                        + key.name() + "\" not found");
    }

    /** The Pod says so, else its account; else it does. */
    private static boolean wantsCredentials(ObjectNode spec, ObjectNode account) {
        JsonNode asked = spec.path("automountServiceAccountToken");
        return asked.isBoolean()
                ? asked.asBoolean()
                : account.path("automountServiceAccountToken").asBoolean(true);
    }

    private void mount(ObjectNode spec) {
        Optional<String> present = volume(spec);
        String name = present.orElseGet(() -> VOLUME + Names.suffix(random));
        boolean needed = false;
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(list)) {
                needed |= mount((ObjectNode) container, name);
            }
        }
        if (needed && present.isEmpty()) {
            Json.list(spec, "volumes").add(volume(name));
        }
    }

    private static Optional<String> volume(ObjectNode spec) {
        for (JsonNode volume : spec.path("volumes")) {
            String name = volume.path("name").asText("");
            if (name.startsWith(VOLUME)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    /** False where something is mounted there already. */
    private static boolean mount(ObjectNode container, String volume) {
        for (JsonNode mount : container.path("volumeMounts")) {
            if (mount.path("mountPath").asText("").equals(MOUNT_PATH)) {
                return false;
            }
        }
        Json.list(container, "volumeMounts")
                .addObject()
                .put("mountPath", MOUNT_PATH)
                .put("name", volume)
                .put("readOnly", true);
        return true;
    }

    private static ObjectNode volume(String name) {
        ObjectNode volume = Json.object().put("name", name);
        ObjectNode projected = volume.putObject("projected").put("defaultMode", READABLE);
        ArrayNode sources = projected.putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("expirationSeconds", TOKEN_SECONDS)
                .put("path", "token");
        ObjectNode authority = sources.addObject().putObject("configMap").put("name", "kube-root-ca.crt");
        authority.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
        sources.addObject()
                .putObject("downwardAPI")
                .putArray("items")
                .addObject()
                .put("path", "namespace")
                .putObject("fieldRef")
                .put("apiVersion", "v1")
                .put("fieldPath", "metadata.namespace");
        return volume;
    }
}
