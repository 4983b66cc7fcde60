package dev.linnet.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.kinds.ResourceKind;
import dev.linnet.apiserver.store.ObjectStore;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What the server adds to objects because of what else there is; runs after defaults and before validation. */
public final class Admission {
    private final ServiceAddresses addresses;
    private final DefaultIngressClass ingressClass;
    private final CustomDefinitions definitions;

    public Admission(ObjectStore store, AddressRange range, InstantSource clock, RandomGenerator random) {
        this.addresses = new ServiceAddresses(store, range, random);
        this.ingressClass = new DefaultIngressClass(store);
        this.definitions = new CustomDefinitions(store, clock);
    }

    /** @return to be closed when the object is stored, or will not be */
    public Hold admitNew(ResourceKind kind, ObjectNode object) {
        switch (kind.qualifiedPlural()) {
            case "services" -> {
                return addresses.assign(Json.object(), object);
            }
            case "ingresses.networking.k8s.io" -> ingressClass.fill(object);
            case Namespaces.RESOURCE -> Namespaces.begin(object);
            case CustomDefinitions.RESOURCE -> definitions.begin(object);
            case "pods" -> nameServiceAccount(object);
            default -> {}
        }
        return Hold.NOTHING;
    }

    /** As {@link #admitNew}, for the change of an object. */
    public Hold admitChange(ResourceKind kind, ObjectNode before, ObjectNode after) {
        switch (kind.qualifiedPlural()) {
            case "services" -> {
                return addresses.assign(before, after);
            }
            case CustomDefinitions.RESOURCE -> definitions.accept(after);
            default -> {}
        }
        return Hold.NOTHING;
    }

    private static void nameServiceAccount(ObjectNode pod) {
        ObjectNode spec = Json.child(pod, "spec");
        if (spec.path("serviceAccountName").asText("").isEmpty()) {
            String legacy = spec.path("serviceAccount").asText("");
            spec.put("serviceAccountName", legacy.isEmpty() ? "default" : legacy);
        }
        spec.put("serviceAccount", spec.path("serviceAccountName").asText());
    }
}
