package dev.linnet.gateway.status;

import dev.linnet.gateway.feed.FollowedObject;
import dev.linnet.gateway.feed.FollowedObject.Writer;
import dev.linnet.routing.ObjectRef;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices who else writes where Ingresses can be reached, so that two controllers never fight over it. An ingress-nginx that lives
 * renews the Lease of its election; whoever else there may be is seen by what he has written. Used by one thread.
 */
final class Rivals {
    private static final Logger log = LoggerFactory.getLogger(Rivals.class);

    /** The default of {@code --election-id}, and what its Helm chart makes of it. */
    private static final Pattern ELECTION = Pattern.compile("ingress-controller-leader.*|.*ingress-nginx.*-leader");

    private static final Duration SHORTEST_LIFE = Duration.ofMinutes(1);

    /** ingress-nginx looks once a minute whether a status is still what it wants. */
    private static final Duration RECENTLY = Duration.ofMinutes(2);

    private final KubernetesClient client;
    private final boolean insists;
    private final Clock clock;
    private final Map<ObjectRef, Instant> ours = new HashMap<>();
    private final Set<String> fighters = new HashSet<>();
    private Optional<String> leader = Optional.empty();
    private String told = "";

    /** @param insists to write whoever else does */
    Rivals(KubernetesClient client, boolean insists, Clock clock) {
        this.client = client;
        this.insists = insists;
        this.clock = clock;
    }

    /** Finds out whether an ingress-nginx lives. Who may not look judges by what is written alone. */
    void look() {
        if (insists) {
            return;
        }
        try {
            leader = client.leases().inAnyNamespace().list().getItems().stream()
                    .filter(lease ->
                            ELECTION.matcher(lease.getMetadata().getName()).matches() && isAlive(lease))
                    .map(lease -> "holder of Lease " + lease.getMetadata().getNamespace() + "/"
                            + lease.getMetadata().getName())
                    .findFirst();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
        }
    }

    private boolean isAlive(Lease lease) {
        Optional<LeaseSpec> spec = Optional.ofNullable(lease.getSpec());
        Duration twice = Duration.ofSeconds(2L
                * spec.flatMap(held -> Optional.ofNullable(held.getLeaseDurationSeconds()))
                        .orElse(0));
        Duration life = twice.compareTo(SHORTEST_LIFE) < 0 ? SHORTEST_LIFE : twice;
        return spec.flatMap(held -> Optional.ofNullable(held.getRenewTime()))
                .filter(renewed -> renewed.toInstant().plus(life).isAfter(clock.instant()))
                .isPresent();
    }

    /** Whether somebody else has a claim on the status of an Ingress that says something else than we would. */
    boolean claim(FollowedObject ingress) {
        if (insists) {
            return false;
        }
        Optional<Writer> other = ingress.status().other();
        other.filter(writer -> hasOverwritten(ingress.object(), writer))
                .ifPresent(writer -> fighters.add(writer.manager()));
        Optional<String> who = who(ingress, other);
        who.ifPresent(this::tell);
        return who.isPresent();
    }

    private boolean hasOverwritten(ObjectRef ingress, Writer writer) {
        Instant written = ours.get(ingress);
        return written != null && !writer.at().isBefore(written);
    }

    private Optional<String> who(FollowedObject ingress, Optional<Writer> other) {
        boolean shared = ingress.status().shared();
        if (shared && leader.isPresent()) {
            return leader;
        }
        Optional<Writer> busy = other.filter(writer -> fighters.contains(writer.manager())
                || writer.at().plus(RECENTLY).isAfter(clock.instant()));
        Optional<String> fighter = shared ? fighters.stream().findFirst() : Optional.empty();
        return busy.map(Writer::manager).or(() -> fighter).map(name -> "field manager " + name);
    }

    private void tell(String who) {
        if (!told.equals(who)) {
            told = who;
            log.atWarn()
                    .addKeyValue("other", who)
                    .log("Another controller says where Ingresses can be reached, and this gateway leaves that to it"
                            + " (expected: --update-status=true to write all the same)");
        }
    }

    /** This Ingress says now what we want. */
    void written(ObjectRef ingress) {
        ours.put(ingress, clock.instant().truncatedTo(ChronoUnit.SECONDS));
    }

    void forget(ObjectRef ingress) {
        ours.remove(ingress);
    }
}
