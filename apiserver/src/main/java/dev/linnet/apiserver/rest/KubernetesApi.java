package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.access.Authenticator;
import dev.linnet.apiserver.access.Authorizer;
import dev.linnet.apiserver.access.Reviews;
import dev.linnet.apiserver.access.ServiceAccountTokens;
import dev.linnet.apiserver.admission.AddressRange;
import dev.linnet.apiserver.discovery.KindCatalog;
import dev.linnet.apiserver.http.Answerer;
import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.schema.OpenApiDocuments;
import dev.linnet.apiserver.store.ObjectStore;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/** The whole API over one store. */
public final class KubernetesApi implements Answerer, AutoCloseable {
    private final AgentClient agentClient;
    private final ProxiedCalls proxiedCalls;
    private final Router router;
    private final FirstObjects firstObjects;
    private final FirstRoles firstRoles;
    private final FirstDefinitions firstDefinitions;
    private final RoleAggregation roleAggregation;
    private final DefinitionCleanup definitionCleanup;
    private final EventExpiry eventExpiry;
    private final AddressRange services;

    /**
     * What the API is made of.
     *
     * @param authority    the certificate by which clients know this server, as PEM
     * @param kubeletToken lets the server ask node agents
     */
    public record Parts(
            ObjectStore store,
            KindCatalog catalog,
            OpenApiDocuments openApi,
            Authenticator authenticator,
            ServiceAccountTokens tokens,
            Authorizer authorizer,
            AddressRange services,
            String authority,
            String kubeletToken,
            InstantSource clock,
            RandomGenerator random) {
        @Override
        public String toString() {
            return "Parts[***]";
        }
    }

    public KubernetesApi(Parts parts) {
        Workshop workshop = Workshop.of(parts);
        Reviews reviews = new Reviews(parts.authenticator(), parts.authorizer());
        NodeAgents agents = new NodeAgents(parts.store());
        this.agentClient = new AgentClient(parts.kubeletToken());
        this.proxiedCalls = new ProxiedCalls(parts.store(), parts.random());
        Resources resources = new Resources(
                workshop,
                new Resources.Behind(
                        new PodLogs(agents, agentClient), new PodStreams(agents, parts.kubeletToken()), proxiedCalls),
                parts.tokens());
        this.router = new Router(
                parts.catalog(),
                parts.authorizer(),
                reviews,
                workshop.bodies(),
                resources,
                new Metrics(parts.store(), new NodeSummaries(agentClient), workshop.views()),
                new OpenApi(parts.catalog(), parts.openApi()));
        Creation creation = new Creation(workshop);
        Changes changes = new Changes(workshop);
        this.firstObjects = new FirstObjects(parts.catalog(), parts.store(), creation, changes);
        this.firstRoles = new FirstRoles(parts.store(), parts.catalog(), creation, changes);
        this.firstDefinitions = new FirstDefinitions(parts.store(), parts.catalog(), creation, changes);
        this.roleAggregation = new RoleAggregation(parts.store(), parts.catalog(), changes);
        this.definitionCleanup = new DefinitionCleanup(parts.store(), parts.catalog(), new Deletion(workshop));
        this.eventExpiry = new EventExpiry(parts.store(), parts.clock());
        this.services = parts.services();
    }

    @Override
    public Reply answer(Call call) {
        return router.answer(call);
    }

    /**
     * Makes the namespaces and roles that every cluster has, where they are missing. Before anybody calls.
     *
     * @param definitions that this cluster has too
     */
    public void begin(List<ObjectNode> definitions) {
        firstObjects.namespaces();
        firstObjects.moveInto(services);
        firstRoles.put();
        firstDefinitions.put(definitions);
        roleAggregation.start();
        definitionCleanup.start();
        eventExpiry.start();
    }

    /** Publishes where the API is, as Service {@code default/kubernetes}. */
    public void publish(InetSocketAddress address) {
        firstObjects.service(services.first(), address);
    }

    @Override
    public void close() {
        roleAggregation.close();
        definitionCleanup.close();
        eventExpiry.close();
        agentClient.close();
        proxiedCalls.close();
    }
}
