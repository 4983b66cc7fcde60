package dev.linnet.cli.loadtester;

import dev.linnet.loadtester.Callers;
import dev.linnet.routing.policy.AddressRanges;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Acts for Pods of the load tester's own namespace, known by their address, for accounts whose token the Kubernetes API knows, and for ranges
 * of addresses. An answer of the API counts for {@value #SECONDS} seconds.
 */
final class ClusterCallers implements Callers {
    /** The audience that a token must be meant for: one that is stolen here is of no use elsewhere. */
    static final String AUDIENCE = "linnet-loadtester";

    private static final long SECONDS = 10;
    private static final int REMEMBERED = 1_000;

    private final KubernetesClient client;
    private final String namespace;
    private final List<String> users;
    private final List<AddressRanges> ranges;
    private final Consumer<String> log;
    private final InstantSource clock;
    private final Map<Object, Verdict> verdicts = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Verdict> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Verdict(boolean accepted, java.time.Instant until) {}

    /** @param allowed names of users, or ranges of addresses */
    ClusterCallers(
            KubernetesClient client,
            String namespace,
            List<String> allowed,
            Consumer<String> log,
            InstantSource clock) {
        this.client = client;
        this.namespace = namespace;
        this.users = allowed.stream()
                .filter(who -> AddressRanges.parse(who).isEmpty())
                .toList();
        this.ranges = allowed.stream()
                .flatMap(who -> AddressRanges.parse(who).stream())
                .toList();
        this.log = log;
        this.clock = clock;
    }

    @Override
    public boolean accepts(Caller caller) {
        return ranges.stream().anyMatch(range -> range.contains(caller.address().getAddress()))
                || remembered(caller.address(), () -> isPodOfOurs(caller.address()))
                || caller.token()
                        .filter(token -> remembered(token, () -> isUserOfOurs(token)))
                        .isPresent();
    }

    private boolean remembered(Object key, java.util.function.BooleanSupplier question) {
        synchronized (verdicts) {
            Verdict known = verdicts.get(key);
            if (known != null && known.until().isAfter(clock.instant())) {
                return known.accepted();
            }
        }
        boolean accepted;
        try {
            accepted = question.getAsBoolean();
        } catch (KubernetesClientException e) {
            // Who cannot be known is not let in, and is asked about again the next time.
            log.accept("cannot find out who calls: " + e.getMessage());
            return false;
        }
        synchronized (verdicts) {
            verdicts.put(key, new Verdict(accepted, clock.instant().plus(Duration.ofSeconds(SECONDS))));
        }
        return accepted;
    }

    private boolean isPodOfOurs(InetAddress address) {
        return !client.pods()
                .inNamespace(namespace)
                .withField("status.podIP", address.getHostAddress())
                .list()
                .getItems()
                .isEmpty();
    }

    private boolean isUserOfOurs(String token) {
        TokenReview review = client.resource(new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token)
                        .withAudiences(AUDIENCE)
                        .endSpec()
                        .build())
                .create();
        return Boolean.TRUE.equals(review.getStatus().getAuthenticated())
                && users.contains(review.getStatus().getUser().getUsername());
    }
}
