package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.SecretReading.Missing;
import dev.linnet.gateway.feed.SecretReading.Present;
import dev.linnet.gateway.feed.SecretReading.Unreadable;
import dev.linnet.routing.Secret;
import dev.linnet.routing.SecretRef;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads Secrets one by one, by name, and puts what is in them into the {@link Inbox}. Never gives up on one that is wanted; where nobody tells of
 * changes, it reads all that are wanted again and again.
 */
final class SecretReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SecretReader.class);
    private static final int AT_ONCE = 32;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final KubernetesClient client;
    private final Inbox inbox;
    private final boolean again;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore turns = new Semaphore(AT_ONCE);
    private final Map<SecretRef, Long> rounds = new ConcurrentHashMap<>();

    /** @param again whether nobody tells of changes */
    SecretReader(KubernetesClient client, Inbox inbox, boolean again) {
        this.client = client;
        this.inbox = inbox;
        this.again = again;
    }

    /** Reads these now. Only what the last call for a Secret finds is told: an older answer may be late. */
    void read(Collection<SecretRef> secrets) {
        secrets.forEach(this::start);
    }

    /** Reads these and waits for them, but not longer than this. */
    void readAndWait(Collection<SecretRef> secrets, Duration patience) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        secrets.forEach(secret -> all.add(start(secret)));
        CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** Completes when it is known what is in it, or that this cannot be known for the moment. */
    private CompletableFuture<Void> start(SecretRef secret) {
        long round = rounds.merge(secret, 1L, Long::sum);
        CompletableFuture<Void> first = new CompletableFuture<>();
        threads.execute(() -> follow(secret, round, first));
        return first;
    }

    private void follow(SecretRef secret, long round, CompletableFuture<Void> first) {
        try {
            Optional<SecretReading> told = Optional.empty();
            Duration pause = FIRST_PAUSE;
            while (isWanted(secret, round)) {
                SecretReading now = readOnce(secret);
                if (told.filter(now::isAs).isEmpty() && isWanted(secret, round)) {
                    tell(secret, now);
                    told = Optional.of(now);
                }
                first.complete(null);
                if (!again && !(now instanceof Unreadable)) {
                    return;
                }
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // Closed.
        } finally {
            first.complete(null);
        }
    }

    /** Whether it is, and nobody has been told to read it anew since. */
    private boolean isWanted(SecretRef secret, long round) {
        return Optional.of(round).equals(Optional.ofNullable(rounds.get(secret)));
    }

    private void tell(SecretRef secret, SecretReading reading) {
        if (reading instanceof Unreadable(String why)) {
            log.atWarn()
                    .addKeyValue("secret", secret)
                    .addKeyValue("cause", why)
                    .log("Secret cannot be read, trying again");
        }
        inbox.put(
                new Change.OfSecret(new Change.Key("SecretData", secret.namespace(), secret.name()), secret, reading));
    }

    private SecretReading readOnce(SecretRef secret) throws InterruptedException {
        turns.acquire();
        try {
            return Optional.ofNullable(client.secrets()
                            .inNamespace(secret.namespace())
                            .withName(secret.name())
                            .get())
                    .<SecretReading>map(SecretReader::present)
                    .orElseGet(Missing::new);
        } catch (KubernetesClientException | IllegalArgumentException e) {
            return new Unreadable(
                    e instanceof KubernetesClientException refused && refused.getCode() > 0
                            ? "the API answers " + refused.getCode()
                            : "the API does not answer");
        } finally {
            turns.release();
        }
    }

    private static Present present(io.fabric8.kubernetes.api.model.Secret found) {
        Map<String, byte[]> data = new HashMap<>();
        Optional.ofNullable(found.getData())
                .orElseGet(Map::of)
                .forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
        return new Present(Secret.of(Map.copyOf(data)), found.getMetadata().getResourceVersion());
    }

    /** Nobody wants it any more. */
    void forget(SecretRef secret) {
        rounds.remove(secret);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
