package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.admission.AddressRange;
import dev.linnet.apiserver.discovery.KindCatalog;
import dev.linnet.apiserver.discovery.ServedResource;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.store.ObjectKey;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;

/** The objects that every cluster has: its first namespaces, and the Service by which Pods find the API. */
final class FirstObjects {
    private static final List<String> NAMESPACES = List.of("default", "kube-node-lease", "kube-public", "kube-system");
    private static final String NAME = "kubernetes";
    private static final WriteOptions AS_SERVER = WriteOptions.ofServer("kube-apiserver");

    private final KindCatalog catalog;
    private final ObjectStore store;
    private final Creation creation;
    private final Changes changes;

    FirstObjects(KindCatalog catalog, ObjectStore store, Creation creation, Changes changes) {
        this.catalog = catalog;
        this.store = store;
        this.creation = creation;
        this.changes = changes;
    }

    void namespaces() {
        for (String name : NAMESPACES) {
            if (store.get(resource("namespaces").key("", name)).isEmpty()) {
                creation.create(new Target(resource("namespaces"), "", "", ""), namespace(name), AS_SERVER);
            }
        }
        account();
    }

    /** By which Pods can be made before any controller runs. The controllers give other namespaces theirs. */
    private void account() {
        Target accounts = new Target(resource("serviceaccounts"), "default", "", "");
        if (store.get(accounts.named("default").key()).isEmpty()) {
            ObjectNode account = Json.object().put("apiVersion", "v1").put("kind", "ServiceAccount");
            account.putObject("metadata").put("name", "default");
            creation.create(accounts, account, AS_SERVER);
        }
    }

    /**
     * Gives the Services new cluster IPs that have one of another range, which was this cluster's before: nobody listens there any more, and no
     * client could change it. The Service of the API itself is given its own afterwards, by {@link #service}: as long as that is in the range, all
     * others are.
     */
    void moveInto(AddressRange range) {
        ServedResource services = resource("services");
        ObjectKey own = services.key("default", NAME);
        if (store.get(own).filter(service -> isIn(range, service)).isPresent()) {
            return;
        }
        for (StoredObject stored : store.list("services", "").objects()) {
            if (!stored.key().equals(own) && !isIn(range, stored)) {
                Target target = new Target(
                        services, stored.key().namespace(), stored.key().name(), "");
                changes.change(target, AS_SERVER, FirstObjects::withoutAddress);
            }
        }
    }

    /** One that needs no address is at home everywhere. */
    private static boolean isIn(AddressRange range, StoredObject service) {
        String ip = service.tree().path("spec").path("clusterIP").asText("");
        return ip.isEmpty() || ip.equals("None") || range.contains(ip);
    }

    private static ObjectNode withoutAddress(ObjectNode service) {
        Json.child(service, "spec").remove(List.of("clusterIP", "clusterIPs"));
        return service;
    }

    private static ObjectNode namespace(String name) {
        ObjectNode namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
        namespace.putObject("metadata").put("name", name);
        return namespace;
    }

    /**
     * @param clusterIp the first of the service range
     * @param api       where the server listens, which may be elsewhere after each start
     */
    void service(String clusterIp, InetSocketAddress api) {
        put("services", service(clusterIp, api.getPort()));
        put("endpoints", endpoints(api));
        put("endpointslices.discovery.k8s.io", slice(api));
    }

    private void put(String resource, ObjectNode object) {
        Target target = new Target(resource(resource), "default", NAME, "");
        if (store.get(target.key()).isEmpty()) {
            creation.create(new Target(target.resource(), "default", "", ""), object, AS_SERVER);
        } else {
            changes.change(target, AS_SERVER, _ -> object);
        }
    }

    private ServedResource resource(String name) {
        return catalog.current().preferred(name).orElseThrow(() -> new IllegalStateException(name + " is not served"));
    }

    private static ObjectNode named(String apiVersion, String kind) {
        ObjectNode object = Json.object().put("apiVersion", apiVersion).put("kind", kind);
        object.putObject("metadata").put("name", NAME).put("namespace", "default");
        return object;
    }

    private static ObjectNode service(String clusterIp, int port) {
        ObjectNode service = named("v1", "Service");
        Json.child(service, "metadata")
                .putObject("labels")
                .put("component", "apiserver")
                .put("provider", NAME);
        ObjectNode spec = service.putObject("spec").put("clusterIP", clusterIp).put("type", "ClusterIP");
        spec.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("port", 443)
                .put("protocol", "TCP")
                .put("targetPort", port);
        return service;
    }

    private static ObjectNode endpoints(InetSocketAddress api) {
        ObjectNode endpoints = named("v1", "Endpoints");
        Json.child(endpoints, "metadata").putObject("labels").put("endpointslice.kubernetes.io/skip-mirror", "true");
        ObjectNode subset = endpoints.putArray("subsets").addObject();
        subset.putArray("addresses").addObject().put("ip", api.getAddress().getHostAddress());
        port(subset.putArray("ports").addObject(), api.getPort());
        return endpoints;
    }

    private static ObjectNode slice(InetSocketAddress api) {
        ObjectNode slice = named("discovery.k8s.io/v1", "EndpointSlice")
                .put("addressType", api.getAddress() instanceof Inet4Address ? "IPv4" : "IPv6");
        Json.child(slice, "metadata").putObject("labels").put("kubernetes.io/service-name", NAME);
        ObjectNode endpoint = slice.putArray("endpoints").addObject();
        endpoint.putArray("addresses").add(api.getAddress().getHostAddress());
        endpoint.putObject("conditions").put("ready", true);
        port(slice.putArray("ports").addObject(), api.getPort());
        return slice;
    }

    private static void port(ObjectNode port, int number) {
        port.put("name", "https").put("port", number).put("protocol", "TCP");
    }
}
