package dev.linnet.apiserver.kinds;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a container may ask for: {@code limits} and {@code requests}. */
final class ResourceRules {
    private static final Set<String> OF_CONTAINERS = Set.of("cpu", "memory", "ephemeral-storage");

    /** Names without a prefix that mean something in quotas and the like, though a container cannot have them. */
    private static final Set<String> ELSEWHERE = Set.of(
            "storage",
            "pods",
            "services",
            "replicationcontrollers",
            "resourcequotas",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
            "requests.cpu",
            "requests.memory",
            "requests.storage",
            "requests.ephemeral-storage",
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage",
            "services.nodeports",
            "services.loadbalancers");

    private ResourceRules() {}

    static void check(Field resources, Violations violations) {
        Field limits = resources.at("limits");
        for (String resource : limits.strings().keySet()) {
            checkAmount(limits.key(resource), resource, violations);
        }
        Field requests = resources.at("requests");
        for (String resource : requests.strings().keySet()) {
            Optional<Quantity> request = checkAmount(requests.key(resource), resource, violations);
            Optional<Quantity> limit = Quantity.parse(limits.key(resource).text());
            if (request.isPresent()) {
                checkAgainst(limit, request.get(), resource, resources, violations);
            }
        }
        boolean huge = resourceNames(resources).stream().anyMatch(ResourceRules::isHugePages);
        if (huge && resourceNames(resources).stream().noneMatch(List.of("cpu", "memory")::contains)) {
            violations.forbidden(resources, "HugePages require cpu or memory");
        }
    }

    private static List<String> resourceNames(Field resources) {
        return Stream.of("limits", "requests")
                .flatMap(list -> resources.at(list).strings().keySet().stream())
                .toList();
    }

    private static Optional<Quantity> checkAmount(Field amount, String resource, Violations violations) {
        checkName(amount, resource, violations);
        Optional<Quantity> quantity = Quantities.check(amount, violations);
        boolean whole = quantity.isEmpty()
                || quantity.get().value().stripTrailingZeros().scale() <= 0;
        if (isExtended(resource) && !whole) {
            violations.invalid(amount, "must be an integer");
        }
        return quantity;
    }

    private static void checkName(Field amount, String resource, Violations violations) {
        List<String> wrong = Names.qualifiedName(resource);
        violations.invalid(amount, resource, wrong);
        boolean prefixed = resource.contains("/");
        boolean fits = OF_CONTAINERS.contains(resource) || isHugePages(resource);
        if (!prefixed && !fits) {
            if (wrong.isEmpty() && !ELSEWHERE.contains(resource)) {
                violations.invalid(amount, resource, "must be a standard resource type or fully qualified");
            }
            violations.invalid(amount, resource, "must be a standard resource for containers");
        }
        if (prefixed && !isNative(resource) && resource.startsWith("requests.")) {
            violations.invalid(amount, resource, "doesn't follow extended resource name standard");
        }
    }

    /** Whoever asks for CPUs may get more; of devices and huge pages one gets what one asks for. */
    private static void checkAgainst(
            Optional<Quantity> limit, Quantity request, String resource, Field resources, Violations violations) {
        boolean exact = isHugePages(resource) || !isNative(resource);
        Field requests = resources.at("requests");
        if (limit.isEmpty()) {
            if (exact && !resources.at("limits").value().has(resource)) {
                violations.required(resources.at("limits"), "Limit must be set for non overcommitable resources");
            }
            return;
        }
        int difference = request.compareTo(limit.get());
        String of = resource + " limit of " + limit.get().canonical();
        if (exact && difference != 0) {
            violations.invalid(requests, request.canonical(), "must be equal to " + of);
        } else if (difference > 0) {
            violations.invalid(requests, request.canonical(), "must be less than or equal to " + of);
        }
    }

    private static boolean isHugePages(String resource) {
        return resource.startsWith("hugepages-");
    }

    private static boolean isNative(String resource) {
        return !resource.contains("/") || resource.contains("kubernetes.io/");
    }

    private static boolean isExtended(String resource) {
        return !isNative(resource) && !resource.startsWith("requests.");
    }
}
