package dev.linnet.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code /api} and {@code /apis} answer: the aggregated documents of today's clients and the ones of older clients. */
public final class DiscoveryDocuments {
    private final Map<String, Map<String, List<Listing>>> groups;

    /** @param groups group, then version, then resources; each in order of preference */
    DiscoveryDocuments(Map<String, Map<String, List<Listing>>> groups) {
        this.groups = groups;
    }

    /**
     * The whole of discovery in one document.
     *
     * @param core    {@code /api} if true, {@code /apis} if not
     * @param version of apidiscovery.k8s.io, {@code v2} or {@code v2beta1}
     */
    public ObjectNode aggregated(boolean core, String version) {
        ObjectNode document = typed("APIGroupDiscoveryList", "apidiscovery.k8s.io/" + version);
        document.putObject("metadata");
        ArrayNode items = document.putArray("items");
        groups.forEach((group, versions) -> {
            if (group.isEmpty() == core) {
                ObjectNode item = items.addObject();
                ObjectNode metadata = item.putObject("metadata");
                if (!core) {
                    metadata.put("name", group);
                }
                metadata.putNull("creationTimestamp");
                ArrayNode shown = item.putArray("versions");
                versions.forEach((name, listings) -> shown.add(aggregatedVersion(name, listings)));
            }
        });
        return document;
    }

    private static ObjectNode aggregatedVersion(String version, List<Listing> listings) {
        ObjectNode shown = Json.object().put("version", version);
        ArrayNode resources = shown.putArray("resources");
        listings.forEach(listing -> resources.add(aggregatedResource(listing)));
        return shown.put("freshness", "Current");
    }

    private static ObjectNode aggregatedResource(Listing listing) {
        ObjectNode resource = Json.object().put("resource", listing.plural());
        resource.set("responseKind", responseKind(listing.group(), listing.version(), listing.kind()));
        resource.put("scope", listing.namespaced() ? "Namespaced" : "Cluster");
        resource.put("singularResource", listing.singular());
        resource.set("verbs", texts(listing.verbs()));
        if (!listing.shortNames().isEmpty()) {
            resource.set("shortNames", texts(listing.shortNames()));
        }
        if (!listing.categories().isEmpty()) {
            resource.set("categories", texts(listing.categories()));
        }
        if (!listing.subresources().isEmpty()) {
            ArrayNode subresources = resource.putArray("subresources");
            for (Listing.Sub sub : listing.subresources()) {
                ObjectNode shown = subresources.addObject().put("subresource", sub.name());
                shown.set("responseKind", responseKind(sub.group(), sub.version(), sub.kind()));
                shown.set("verbs", texts(sub.verbs()));
            }
        }
        return resource;
    }

    private static ObjectNode responseKind(String group, String version, String kind) {
        return Json.object().put("group", group).put("version", version).put("kind", kind);
    }

    /** {@code /api} for older clients. */
    public ObjectNode coreVersions(String address) {
        ObjectNode document = Json.object().put("kind", "APIVersions");
        document.set("versions", texts(List.of("v1")));
        document.putArray("serverAddressByClientCIDRs")
                .addObject()
                .put("clientCIDR", "0.0.0.0/0")
                .put("serverAddress", address);
        return document;
    }

    /** {@code /apis} for older clients. */
    public ObjectNode groupList() {
        ObjectNode document = typed("APIGroupList", "v1");
        ArrayNode shown = document.putArray("groups");
        groups.forEach((group, versions) -> {
            if (!group.isEmpty()) {
                shown.add(groupBody(Json.object(), group, versions));
            }
        });
        return document;
    }

    /** {@code /apis/apps}. */
    public Optional<ObjectNode> group(String name) {
        return Optional.ofNullable(groups.get(name))
                .map(versions -> groupBody(typed("APIGroup", "v1"), name, versions));
    }

    private static ObjectNode groupBody(ObjectNode body, String group, Map<String, List<Listing>> versions) {
        body.put("name", group);
        ArrayNode shown = body.putArray("versions");
        versions.keySet().forEach(version -> shown.add(groupVersion(group, version)));
        body.set(
                "preferredVersion",
                groupVersion(group, versions.keySet().iterator().next()));
        return body;
    }

    private static ObjectNode groupVersion(String group, String version) {
        return Json.object().put("groupVersion", group + "/" + version).put("version", version);
    }

    /** {@code /apis/apps/v1} or {@code /api/v1}. */
    public Optional<ObjectNode> resourceList(String group, String version) {
        List<Listing> listings = groups.getOrDefault(group, Map.of()).get(version);
        if (listings == null) {
            return Optional.empty();
        }
        ObjectNode document = typed("APIResourceList", "v1");
        document.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode resources = document.putArray("resources");
        for (Listing listing : listings) {
            resources.add(legacyResource(listing));
            for (Listing.Sub sub : listing.subresources()) {
                resources.add(legacySubresource(listing, sub));
            }
        }
        return Optional.of(document);
    }

    private static ObjectNode legacyResource(Listing listing) {
        ObjectNode resource = Json.object()
                .put("name", listing.plural())
                .put("singularName", listing.singular())
                .put("namespaced", listing.namespaced())
                .put("kind", listing.kind());
        resource.set("verbs", texts(listing.verbs()));
        if (!listing.shortNames().isEmpty()) {
            resource.set("shortNames", texts(listing.shortNames()));
        }
        if (!listing.categories().isEmpty()) {
            resource.set("categories", texts(listing.categories()));
        }
        return resource;
    }

    private static ObjectNode legacySubresource(Listing listing, Listing.Sub sub) {
        ObjectNode resource = Json.object()
                .put("name", listing.plural() + "/" + sub.name())
                .put("singularName", "")
                .put("namespaced", listing.namespaced());
        if (!sub.group().equals(listing.group()) || !sub.version().equals(listing.version())) {
            resource.put("group", sub.group()).put("version", sub.version());
        }
        resource.put("kind", sub.kind());
        resource.set("verbs", texts(sub.verbs()));
        return resource;
    }

    private static ObjectNode typed(String kind, String apiVersion) {
        return Json.object().put("kind", kind).put("apiVersion", apiVersion);
    }

    private static ArrayNode texts(List<String> values) {
        ArrayNode array = Json.array();
        values.forEach(array::add);
        return array;
    }
}
