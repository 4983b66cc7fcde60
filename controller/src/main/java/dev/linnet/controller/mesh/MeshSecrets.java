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
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
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

    /** Who applies a rule and its Secret at once should not hear that the Secret is missing. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final KubernetesClient client;
    private final String namespace;
    private final Complaints complaints;
    private final InstantSource clock;
    private boolean mayBeGranted = true;
    private boolean forbidden;
    private Instant lookedAt = Instant.MIN;
    private Map<String, String> wrong = Map.of();

    MeshSecrets(KubernetesClient client, String namespace, Complaints complaints, InstantSource clock) {
        this.client = client;
        this.namespace = namespace;
        this.complaints = complaints;
        this.clock = clock;
    }

    /**
     * Makes it so, whatever was granted before.
     *
     * @param rules all DestinationRules of the namespace
     */
    void grant(List<GenericKubernetesResource> rules) {
        asFarAsAllowed(() -> grantNamed(rules));
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

    private void grantNamed(List<GenericKubernetesResource> rules) {
        Set<String> names = rules.stream()
                .flatMap(rule -> UpstreamSecrets.of(IstioObject.of(rule)).stream())
                .collect(Collectors.toSet());
        if (names.isEmpty()) {
            revokeAll();
        } else {
            grant(names);
        }
        tellWhatIsWrong(rules);
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

    /** Nobody else would: the gateways at the edge look for Secrets of their own routes alone. What is wrong twice is told. */
    private void tellWhatIsWrong(List<GenericKubernetesResource> rules) {
        Instant now = clock.instant();
        if (now.isBefore(lookedAt.plus(PATIENCE))) {
            return;
        }
        lookedAt = now;
        Map<String, String> before = wrong;
        wrong = new HashMap<>();
        Map<String, Optional<Set<String>>> read = new HashMap<>();
        for (GenericKubernetesResource rule : rules) {
            String uid = rule.getMetadata().getUid();
            IstioObject object = IstioObject.of(rule);
            List<String> flaws = UpstreamSecrets.of(object).stream()
                    .sorted()
                    .flatMap(name -> flaw(object, name, read.computeIfAbsent(name, this::keys)).stream())
                    .toList();
            Optional<String> complaint =
                    Optional.of(flaws).filter(some -> !some.isEmpty()).map(MeshSecrets::complaint);
            complaint.ifPresent(text -> wrong.put(uid, text));
            complaints.about(rule, "BadSecret", complaint.filter(text -> text.equals(before.get(uid))));
        }
    }

    private Optional<String> flaw(IstioObject rule, String name, Optional<Set<String>> keys) {
        String secret = "Secret " + namespace + "/" + name + ", which ";
        if (keys.isEmpty()) {
            return Optional.of(secret + "does not exist");
        }
        List<String> lacking = UpstreamSecrets.lacking(rule, name, keys.get());
        return lacking.isEmpty() ? Optional.empty() : Optional.of(secret + "lacks " + String.join(" and ", lacking));
    }

    private static String complaint(List<String> flaws) {
        return "credentialName names " + String.join(", and ", flaws)
                + ": gateways inside the cluster answer requests for its host 503";
    }

    /** Of a Secret, those that hold something; empty if there is no such Secret. */
    private Optional<Set<String>> keys(String name) {
        return Optional.ofNullable(
                        client.secrets().inNamespace(namespace).withName(name).get())
                .map(secret -> Optional.ofNullable(secret.getData()).orElseGet(Map::of).entrySet().stream()
                        .filter(entry -> !entry.getValue().isEmpty())
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()));
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
