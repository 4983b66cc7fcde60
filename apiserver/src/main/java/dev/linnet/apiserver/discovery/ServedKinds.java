package dev.linnet.apiserver.discovery;

import dev.linnet.apiserver.kinds.MetricsKinds;
import dev.linnet.apiserver.kinds.ResourceKind;
import dev.linnet.apiserver.kinds.ResourceKind.OtherVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Everything that is served at one moment, in the order in which clients should prefer it. Immutable. */
public final class ServedKinds {
    private final Map<Path, ServedResource> resources = new LinkedHashMap<>();
    private final Map<String, Map<String, List<Listing>>> groups = new LinkedHashMap<>();
    private final DiscoveryDocuments documents;

    private record Path(String group, String version, String plural) {}

    /** @param custom kinds that CustomResourceDefinitions declare; a built-in one of the same name wins */
    public ServedKinds(Collection<ResourceKind> builtIn, Collection<ResourceKind> custom) {
        builtIn.forEach(kind -> add(preferred(kind, false)));
        QUESTIONS.forEach(this::list);
        custom.forEach(kind -> add(preferred(kind, true)));
        builtIn.forEach(kind -> addOtherVersions(kind, false));
        custom.forEach(kind -> addOtherVersions(kind, true));
        // Last, as with metrics-server: "pods" alone means the other ones.
        MetricsKinds.all().forEach(kind -> list(Listing.measured(kind)));
        Set<String> ownGroups = builtIn.stream().map(ResourceKind::group).collect(Collectors.toSet());
        groups.forEach((group, versions) -> {
            if (!ownGroups.contains(group)) {
                sort(versions);
            }
        });
        this.documents = new DiscoveryDocuments(groups);
    }

    /** Which version of a custom kind is stored says nothing about which is best. */
    private static void sort(Map<String, List<Listing>> versions) {
        List<Map.Entry<String, List<Listing>>> sorted = versions.entrySet().stream()
                .map(Map.Entry::copyOf)
                .sorted(Map.Entry.comparingByKey(new VersionOrder()))
                .toList();
        versions.clear();
        sorted.forEach(version -> versions.put(version.getKey(), version.getValue()));
    }

    static final List<Listing> QUESTIONS = List.of(
            Listing.question(
                    "authentication.k8s.io", "selfsubjectreviews", "selfsubjectreview", "SelfSubjectReview", false),
            Listing.question("authentication.k8s.io", "tokenreviews", "tokenreview", "TokenReview", false),
            Listing.question(
                    "authorization.k8s.io",
                    "localsubjectaccessreviews",
                    "localsubjectaccessreview",
                    "LocalSubjectAccessReview",
                    true),
            Listing.question(
                    "authorization.k8s.io",
                    "selfsubjectaccessreviews",
                    "selfsubjectaccessreview",
                    "SelfSubjectAccessReview",
                    false),
            Listing.question(
                    "authorization.k8s.io",
                    "selfsubjectrulesreviews",
                    "selfsubjectrulesreview",
                    "SelfSubjectRulesReview",
                    false),
            Listing.question(
                    "authorization.k8s.io",
                    "subjectaccessreviews",
                    "subjectaccessreview",
                    "SubjectAccessReview",
                    false));

    private static ServedResource preferred(ResourceKind kind, boolean custom) {
        return new ServedResource(kind, kind.group(), kind.version(), ServedResource.SAME, custom);
    }

    private void addOtherVersions(ResourceKind kind, boolean custom) {
        for (OtherVersion other : kind.otherVersions()) {
            add(new ServedResource(kind, other.group(), other.version(), other.converter(), custom));
        }
    }

    private void add(ServedResource resource) {
        Path path =
                new Path(resource.group(), resource.version(), resource.kind().plural());
        if (resources.putIfAbsent(path, resource) == null) {
            list(Listing.of(resource));
        }
    }

    private void list(Listing listing) {
        groups.computeIfAbsent(listing.group(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(listing.version(), _ -> new ArrayList<>())
                .add(listing);
    }

    public Optional<ServedResource> find(String group, String version, String plural) {
        return Optional.ofNullable(resources.get(new Path(group, version, plural)));
    }

    /** Something that is measured when it is asked for, and not stored. */
    public static Optional<ServedResource> measured(String group, String version, String plural) {
        return MetricsKinds.all().stream()
                .filter(kind -> kind.group().equals(group)
                        && kind.version().equals(version)
                        && kind.plural().equals(plural))
                .map(kind -> preferred(kind, false))
                .findFirst();
    }

    /** The preferred version of a resource, by its collection's name, {@code deployments.apps}. */
    public Optional<ServedResource> preferred(String qualifiedPlural) {
        return resources.values().stream()
                .filter(ServedResource::showsStored)
                .filter(resource -> resource.kind().qualifiedPlural().equals(qualifiedPlural))
                .findFirst();
    }

    public Collection<ServedResource> all() {
        return resources.values();
    }

    public DiscoveryDocuments documents() {
        return documents;
    }
}
