package dev.linnet.controller.workload;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;

/**
 * How objects are written: never over somebody else's change, and only by who acts. Each object is read before the fence is asked and written
 * with the version that was read: who takes over after that moment reads what was written, and who took over before it is noticed.
 */
public final class Writes {
    /** Asked before each write and told after it, where one is set. */
    public static final ScopedValue<Fence> FENCE = ScopedValue.newInstance();

    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private Writes() {}

    /**
     * Creates an object that was missing a moment ago.
     *
     * @throws Changed if somebody else has made it since
     */
    public static <T extends HasMetadata> T create(KubernetesClient client, T object) throws Changed {
        checkFence();
        try {
            return noted(client.resource(object).create());
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                throw e; // its namespace
            }
            throw conflict(e, object);
        }
    }

    /**
     * Replaces an object, if it still is the one that was read.
     *
     * @throws Changed if it is not
     */
    public static <T extends HasMetadata> T replace(KubernetesClient client, T object) throws Changed {
        checkFence();
        try {
            return noted(client.resource(object).update());
        } catch (KubernetesClientException e) {
            throw conflict(e, object);
        }
    }

    /**
     * Makes an object of ours what it should be, if it still is the one that was read.
     *
     * @param object with the version that was read
     * @throws Changed if it is not
     */
    public static <T extends HasMetadata> T apply(KubernetesClient client, T object) throws Changed {
        checkFence();
        try {
            return noted(client.resource(object)
                    .fieldManager("linnet")
                    .forceConflicts()
                    .serverSideApply());
        } catch (KubernetesClientException e) {
            throw conflict(e, object);
        }
    }

    /**
     * Patches an object, if it still is the one that was read.
     *
     * @param read  what was read; its resourceVersion goes with the patch
     * @param patch what is to be different
     * @throws Changed if it is not
     */
    public static <T extends HasMetadata> T patch(KubernetesClient client, T read, ObjectNode patch) throws Changed {
        ObjectNode whole = patch.deepCopy();
        whole.withObject("/metadata").put("resourceVersion", read.getMetadata().getResourceVersion());
        checkFence();
        try {
            return noted(client.resource(read).patch(MERGE, whole.toString()));
        } catch (KubernetesClientException e) {
            throw conflict(e, read);
        }
    }

    private static void checkFence() throws Changed {
        Seen.forget();
        FENCE.orElse(Fence.OPEN).check();
    }

    private static <T extends HasMetadata> T noted(T written) {
        FENCE.orElse(Fence.OPEN).wrote(written);
        return written;
    }

    /** An empty patch. */
    public static ObjectNode nothing() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * For {@code throw}: a {@link Changed} where the API server says 409, or 404 of what was just read; else the failure itself.
     */
    public static Changed conflict(KubernetesClientException e, HasMetadata object) {
        if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
            return new Changed(object.getKind() + " " + object.getMetadata().getNamespace() + "/"
                    + object.getMetadata().getName() + " was changed by somebody else");
        }
        throw e;
    }
}
