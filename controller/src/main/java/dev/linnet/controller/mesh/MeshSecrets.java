package dev.linnet.controller.mesh;

import dev.linnet.manifests.istio.IstioObject;
import dev.linnet.manifests.istio.UpstreamSecrets;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
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

    /** Who applies a rule and its Secret at once should not hear that the Secret is missing. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final KubernetesClient client;
    private final String namespace;
    private final Complaints complaints;
    private final InstantSource clock;
    private boolean mayBeGranted = true;
    private boolean forbidden;
    private Instant lookedAt = Instant.MIN;
    private Set<String> missing = Set.of();

    MeshSecrets(KubernetesClient client, String namespace, Complaints complaints, InstantSource clock) {
        this.client = client;
        this.namespace = namespace;
        this.complaints = complaints;
        this.clock = clock;
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
        Map<GenericKubernetesResource, Set<String>> named = named();
        Set<String> names = named.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        if (names.isEmpty()) {
            revokeAll();
        } else {
            grant(names);
        }
        tellWhatIsMissing(named, names);
    }

    private void grant(Set<String> names) {
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

    /** Nobody else would: the gateways at the edge look for Secrets of their own routes alone. What is missing twice is told. */
    private void tellWhatIsMissing(Map<GenericKubernetesResource, Set<String>> named, Set<String> names) {
        Instant now = clock.instant();
        if (now.isBefore(lookedAt.plus(PATIENCE))) {
            return;
        }
        lookedAt = now;
        Set<String> before = missing;
        missing = names.stream()
                .filter(name ->
                        client.secrets().inNamespace(namespace).withName(name).get() == null)
                .collect(Collectors.toSet());
        named.forEach((rule, of) -> {
            List<String> told = of.stream()
                    .filter(name -> missing.contains(name) && before.contains(name))
                    .sorted()
                    .toList();
            complaints.about(
                    rule,
                    "BadSecret",
                    Optional.of(told).filter(some -> !some.isEmpty()).map(this::complaint));
        });
    }

    private String complaint(List<String> secrets) {
        return "credentialName names Secret " + namespace + "/" + String.join(" and " + namespace + "/", secrets)
                + ", which does not exist: gateways inside the cluster answer requests for its host 503";
    }

    /** Of each DestinationRule. */
    private Map<GenericKubernetesResource, Set<String>> named() {
        try {
            return client
                    .genericKubernetesResources(DESTINATION_RULES)
                    .inNamespace(namespace)
                    .list()
                    .getItems()
                    .stream()
                    .collect(Collectors.toMap(rule -> rule, rule -> UpstreamSecrets.of(IstioObject.of(rule))));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return Map.of(); // There is no such kind here.
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
