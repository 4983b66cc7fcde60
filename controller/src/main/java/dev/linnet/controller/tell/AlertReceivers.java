package dev.linnet.controller.tell;

import dev.linnet.controller.api.AlertProvider;
import dev.linnet.manifests.flagger.AlertProviderSpec;
import dev.linnet.manifests.flagger.CanaryPlan.AlertRef;
import dev.linnet.rollout.step.Message.Severity;
import dev.linnet.routing.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who is told an alert: those that the Canary names, else those of all Canaries (spec of Flagger, §6.2). */
public final class AlertReceivers {
    private final KubernetesClient client;
    private final Usual usual;

    /**
     * What is the same for all Canaries.
     *
     * @param receivers        of Canaries that name none
     * @param cluster          shown with each alert
     * @param keepsToNamespace whether Canaries may only use AlertProviders of their own namespace
     */
    public record Usual(List<AlertReceiver> receivers, Optional<String> cluster, boolean keepsToNamespace) {
        public Usual {
            receivers = List.copyOf(receivers);
        }
    }

    public AlertReceivers(KubernetesClient client, Usual usual) {
        this.client = client;
        this.usual = usual;
    }

    Usual usual() {
        return usual;
    }

    /** Whether somebody wants to know of it. */
    static boolean wants(AlertRef alert, Severity severity) {
        return switch (alert.severity()) {
            // Flagger documents info as the default, and tells nobody.
            case "", "info" -> true;
            case "warn" -> severity != Severity.INFO;
            default -> alert.severity().equals(severity.toString());
        };
    }

    /** @throws UnusableReceiver with what is wrong and what would be right */
    AlertReceiver of(AlertRef ref, About about) throws UnusableReceiver {
        String name = "AlertProvider " + ref.provider() + "." + ref.namespace();
        if (usual.keepsToNamespace()
                && !ref.namespace().equals(about.plan().release().names().namespace())) {
            throw new UnusableReceiver("can't access alert provider " + ref.provider() + "." + ref.namespace()
                    + ", cross-namespace references are blocked");
        }
        AlertProvider live = client.resources(AlertProvider.class)
                .inNamespace(ref.namespace())
                .withName(ref.provider())
                .get();
        if (live == null || live.getSpec() == null) {
            throw new UnusableReceiver(name + " is missing (expected: what alert " + ref.name() + " names)");
        }
        return receiver(name, ref.namespace(), AlertProviderSpec.read(live.getSpec()));
    }

    private AlertReceiver receiver(String name, String namespace, AlertProviderSpec spec) throws UnusableReceiver {
        AlertForm form = AlertForm.named(spec.type())
                .orElseThrow(() -> new UnusableReceiver(name + ": type is " + spec.type()
                        + " (expected: slack, msteams, discord, rocket, gchat or cloudevents)"));
        Map<String, String> secret = secret(name, namespace, spec);
        String address = spec.secret().isPresent()
                ? secret.getOrDefault("address", "")
                : spec.address().orElse("");
        return new AlertReceiver(
                name,
                form,
                Secret.of(url(name, "address", address)),
                Optional.ofNullable(secret.get("token")).map(Secret::of),
                spec.proxy().isPresent()
                        ? Optional.of(url(name, "proxy", spec.proxy().get()))
                        : Optional.empty(),
                spec.channel(),
                spec.username());
    }

    private Map<String, String> secret(String name, String namespace, AlertProviderSpec spec) throws UnusableReceiver {
        if (spec.secret().isEmpty()) {
            return Map.of();
        }
        String secret = spec.secret().get();
        var live = client.secrets().inNamespace(namespace).withName(secret).get();
        if (live == null || live.getData() == null || !live.getData().containsKey("address")) {
            throw new UnusableReceiver(name + ": Secret " + secret + " has no address (expected: the receiver's URL)");
        }
        String token = live.getData().get("token");
        String address = decoded(live.getData().get("address"));
        return token == null ? Map.of("address", address) : Map.of("address", address, "token", decoded(token));
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8).strip();
    }

    /** Its text is not told: it may be a secret. */
    private static URI url(String name, String what, String text) throws UnusableReceiver {
        try {
            URI url = URI.create(text);
            if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return url;
            }
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        throw new UnusableReceiver(name + ": " + what + " is no URL (expected: https://…)");
    }

    /** A receiver that cannot be told anything. */
    static final class UnusableReceiver extends Exception {
        private static final long serialVersionUID = 1;
        private final String text;

        UnusableReceiver(String text) {
            super(text);
            this.text = text;
        }

        String text() {
            return text;
        }
    }
}
