package dev.linnet.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.access.ServiceAccountTokens;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.kinds.ResourceKind;
import dev.linnet.apiserver.store.ObjectStore;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What the server adds to objects because of what else there is; runs after defaults and before validation. */
public final class Admission {
    private static final String SERVICES = "services";

    private final ServiceAddresses addresses;
    private final DefaultIngressClass ingressClass;
    private final CustomDefinitions definitions;
    private final PodAccounts accounts;
    private final AccountSecrets secrets;

    /** @param authority the certificate of this server's authority, as PEM */
    public Admission(
            ObjectStore store,
            AddressRange range,
            ServiceAccountTokens tokens,
            String authority,
            InstantSource clock,
            RandomGenerator random) {
        this.addresses = new ServiceAddresses(store, range, random);
        this.ingressClass = new DefaultIngressClass(store);
        this.definitions = new CustomDefinitions(store, clock);
        this.accounts = new PodAccounts(store, random);
        this.secrets = new AccountSecrets(store, tokens, authority);
    }

    /**
     * Waits for what a new object needs and somebody is about to make. Before its turn to be written, because others must be able to write
     * meanwhile.
     */
    public void awaitNeeded(ResourceKind kind, ObjectNode object) {
        if (kind.qualifiedPlural().equals("pods")) {
            accounts.await(object);
        }
    }

    public void admitNew(ResourceKind kind, ObjectNode object) {
        switch (kind.qualifiedPlural()) {
            case SERVICES -> addresses.keepAssigned(Json.object(), object);
            case "ingresses.networking.k8s.io" -> ingressClass.fill(object);
            case Namespaces.RESOURCE -> Namespaces.begin(object);
            case CustomDefinitions.RESOURCE -> definitions.begin(object);
            case "pods" -> accounts.admit(object);
            case "secrets" -> secrets.fill(object);
            default -> {}
        }
    }

    /** As {@link #admitNew}, for the change of an object. */
    public void admitChange(ResourceKind kind, ObjectNode before, ObjectNode after) {
        switch (kind.qualifiedPlural()) {
            case SERVICES -> addresses.keepAssigned(before, after);
            case CustomDefinitions.RESOURCE -> definitions.accept(after);
            case "secrets" -> secrets.fill(after);
            default -> {}
        }
    }

    /**
     * Gives a valid object what there is one of for each: addresses and ports.
     *
     * @return to be closed when the object is stored, or will not be
     */
    public Hold assign(ResourceKind kind, ObjectNode object) {
        return kind.qualifiedPlural().equals(SERVICES) ? addresses.assign(object) : Hold.NOTHING;
    }
}
