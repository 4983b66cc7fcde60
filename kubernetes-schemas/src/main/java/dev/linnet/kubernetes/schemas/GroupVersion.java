package dev.linnet.kubernetes.schemas;

import io.kubernetes.client.openapi.apis.AdmissionregistrationV1Api;
import io.kubernetes.client.openapi.apis.ApiextensionsV1Api;
import io.kubernetes.client.openapi.apis.ApiregistrationV1Api;
import io.kubernetes.client.openapi.apis.AppsV1Api;
import io.kubernetes.client.openapi.apis.AuthenticationV1Api;
import io.kubernetes.client.openapi.apis.AuthorizationV1Api;
import io.kubernetes.client.openapi.apis.AutoscalingV1Api;
import io.kubernetes.client.openapi.apis.AutoscalingV2Api;
import io.kubernetes.client.openapi.apis.BatchV1Api;
import io.kubernetes.client.openapi.apis.CertificatesV1Api;
import io.kubernetes.client.openapi.apis.CoordinationV1Api;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.apis.DiscoveryV1Api;
import io.kubernetes.client.openapi.apis.EventsV1Api;
import io.kubernetes.client.openapi.apis.FlowcontrolApiserverV1Api;
import io.kubernetes.client.openapi.apis.NetworkingV1Api;
import io.kubernetes.client.openapi.apis.NodeV1Api;
import io.kubernetes.client.openapi.apis.PolicyV1Api;
import io.kubernetes.client.openapi.apis.RbacAuthorizationV1Api;
import io.kubernetes.client.openapi.apis.SchedulingV1Api;
import io.kubernetes.client.openapi.apis.StorageV1Api;
import java.util.List;
import java.util.Optional;

/**
 * A group-version of the API that the Java client knows.
 *
 * @param name        {@code apps/v1}; {@code v1} for the core group
 * @param definitions what the names of its OpenAPI definitions begin with, {@code io.k8s.api.apps.v1}
 * @param api         the client class whose methods take and return its types
 */
record GroupVersion(String name, String definitions, Class<?> api) {
    static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1";
    static final GroupVersion CORE = new GroupVersion("v1", "io.k8s.api.core.v1", CoreV1Api.class);

    static final List<GroupVersion> ALL = List.of(
            CORE,
            of("admissionregistration.k8s.io/v1", "admissionregistration", AdmissionregistrationV1Api.class),
            of("apps/v1", "apps", AppsV1Api.class),
            of("authentication.k8s.io/v1", "authentication", AuthenticationV1Api.class),
            of("authorization.k8s.io/v1", "authorization", AuthorizationV1Api.class),
            of("autoscaling/v1", "autoscaling", AutoscalingV1Api.class),
            of("autoscaling/v2", "autoscaling", AutoscalingV2Api.class),
            of("batch/v1", "batch", BatchV1Api.class),
            of("certificates.k8s.io/v1", "certificates", CertificatesV1Api.class),
            of("coordination.k8s.io/v1", "coordination", CoordinationV1Api.class),
            of("discovery.k8s.io/v1", "discovery", DiscoveryV1Api.class),
            of("events.k8s.io/v1", "events", EventsV1Api.class),
            of("flowcontrol.apiserver.k8s.io/v1", "flowcontrol", FlowcontrolApiserverV1Api.class),
            of("networking.k8s.io/v1", "networking", NetworkingV1Api.class),
            of("node.k8s.io/v1", "node", NodeV1Api.class),
            of("policy/v1", "policy", PolicyV1Api.class),
            of("rbac.authorization.k8s.io/v1", "rbac", RbacAuthorizationV1Api.class),
            of("scheduling.k8s.io/v1", "scheduling", SchedulingV1Api.class),
            of("storage.k8s.io/v1", "storage", StorageV1Api.class),
            new GroupVersion(
                    "apiextensions.k8s.io/v1",
                    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1",
                    ApiextensionsV1Api.class),
            new GroupVersion(
                    "apiregistration.k8s.io/v1",
                    "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1",
                    ApiregistrationV1Api.class));

    private static GroupVersion of(String name, String goPackage, Class<?> api) {
        return new GroupVersion(name, "io.k8s.api." + goPackage + "." + versionOf(name), api);
    }

    /** The group-version that a definition belongs to; none for what all share, as ObjectMeta. */
    static Optional<GroupVersion> owning(String definition) {
        return ALL.stream()
                .filter(candidate -> definition.startsWith(candidate.definitions() + "."))
                .findFirst();
    }

    /** {@code apps}; empty for the core group. */
    String group() {
        return name.contains("/") ? name.substring(0, name.indexOf('/')) : "";
    }

    /** {@code v1}. */
    String version() {
        return versionOf(name);
    }

    /** {@code Apps}: what the client puts before a model's name where two groups have a type of the same name. */
    String modelPrefix() {
        String client = api.getSimpleName();
        String prefix = client.substring(0, client.length() - "V1Api".length());
        return switch (prefix) {
            case "RbacAuthorization" -> "Rbac";
            case "FlowcontrolApiserver" -> "Flowcontrol";
            default -> prefix;
        };
    }

    private static String versionOf(String name) {
        return name.substring(name.indexOf('/') + 1);
    }
}
