package dev.linnet.controller.mesh;

import dev.linnet.manifests.istio.IstioObject;
import dev.linnet.manifests.istio.UpstreamSecrets;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the gateways of one namespace read the Secrets by which its DestinationRules have endpoints spoken to over TLS: each by its name, and
 * no others.
 */
final class MeshSecrets {
    static final String NAME = "linnet-mesh-secrets";

    private static final Logger log = LoggerFactory.getLogger(MeshSecrets.class);

    /** All versions have one schema, and all installations this one. */
    private static final ResourceDefinitionContext DESTINATION_RULES = new ResourceDefinitionContext.Builder()
            .withGroup(IstioObject.GROUP)
            .withVersion("v1beta1")
            .withKind("DestinationRule")
            .withPlural("destinationrules")
            .withNamespaced(true)
            .build();

    private final KubernetesClient client;
    private final String namespace;
    private boolean mayBeGranted = true;
    private boolean forbidden;

    MeshSecrets(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** Makes it so, whatever was granted before. */
    void grant() {
        asFarAsAllowed(this::grantNamed);
    }

    /** Nobody needs any. */
    void revoke() {
        asFarAsAllowed(this::revokeAll);
    }

    /** Rights of ours that are from before this was done keep nothing else from being done. */
    private void asFarAsAllowed(Runnable action) {
        try {
            action.run();
            forbidden = false;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            if (!forbidden) {
                log.atWarn()
                        .addKeyValue("namespace", namespace)
                        .addKeyValue("cause", e.getMessage())
                        .log("Gateways inside the cluster cannot be let read the Secrets that DestinationRules name");
            }
            forbidden = true;
        }
    }

    private void grantNamed() {
        Set<String> names = named();
        if (names.isEmpty()) {
            revokeAll();
            return;
        }
        mayBeGranted = true;
        if (!granted().equals(Optional.of(names))) {
            apply(role(names)); // never without names: that would be all Secrets
            log.atInfo()
                    .addKeyValue("namespace", namespace)
                    .addKeyValue("secrets", names)
                    .log("Gateways inside the cluster may read the Secrets that DestinationRules name");
        }
        if (client.resource(binding()).get() == null) {
            apply(binding());
        }
    }

    private void revokeAll() {
        if (mayBeGranted) {
            client.resource(binding()).delete();
            client.resource(role(Set.of(NAME))).delete();
            mayBeGranted = false;
        }
    }

    private Set<String> named() {
        try {
            return client
                    .genericKubernetesResources(DESTINATION_RULES)
                    .inNamespace(namespace)
                    .list()
                    .getItems()
                    .stream()
                    .map(IstioObject::of)
                    .flatMap(rule -> UpstreamSecrets.of(rule).stream())
                    .collect(Collectors.toSet());
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return Set.of(); // There is no such kind here.
            }
            throw e;
        }
    }

    private Optional<Set<String>> granted() {
        return Optional.ofNullable(client.rbac()
                        .roles()
                        .inNamespace(namespace)
                        .withName(NAME)
                        .get())
                .map(Role::getRules)
                .filter(rules -> rules.size() == 1)
                .map(List::getFirst)
                .filter(rule -> rule.equals(rule(rule.getResourceNames())))
                .map(rule -> Set.copyOf(rule.getResourceNames()));
    }

    private static PolicyRule rule(List<String> names) {
        return new PolicyRuleBuilder()
                .withApiGroups("")
                .withResources("secrets")
                .withResourceNames(names)
                .withVerbs("get")
                .build();
    }

    private Role role(Set<String> names) {
        return new RoleBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(NAME)
                .endMetadata()
                .withRules(rule(List.copyOf(new TreeSet<>(names))))
                .build();
    }

    private RoleBinding binding() {
        return new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(NAME)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", NAME)
                .addNewSubject()
                .withKind("ServiceAccount")
                .withName(MeshGateways.NAME)
                .withNamespace(namespace)
                .endSubject()
                .build();
    }

    private void apply(HasMetadata object) {
        client.resource(object).fieldManager("linnet").forceConflicts().serverSideApply();
    }
}
