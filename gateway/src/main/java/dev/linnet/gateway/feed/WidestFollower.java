package dev.linnet.gateway.feed;

import dev.linnet.gateway.feed.KindFollower.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Follows the objects of a kind in all namespaces where that is allowed, else those of the only one until it is. */
final class WidestFollower<T extends HasMetadata> {
    private final Kind<T> kind;
    private final Optional<Informable<T>> own;
    private final BooleanSupplier mayFollowAll;
    private final Inbox inbox;
    private @Nullable KindFollower<T> follower;
    private CompletableFuture<Void> listed = new CompletableFuture<>();
    private boolean narrow;
    private int looks;

    /**
     * @param kind         with the source of all
     * @param own          the source of the only namespace, if there is one
     * @param mayFollowAll asks the API
     */
    WidestFollower(Kind<T> kind, Optional<Informable<T>> own, BooleanSupplier mayFollowAll, Inbox inbox) {
        this.kind = kind;
        this.own = own;
        this.mayFollowAll = mayFollowAll;
        this.inbox = inbox;
    }

    /** What is not asked for by namespace, or only there. */
    static <T extends HasMetadata> WidestFollower<T> of(Kind<T> kind, Inbox inbox) {
        return new WidestFollower<>(kind, Optional.empty(), () -> true, inbox);
    }

    /**
     * Starts to follow, unless it does already.
     *
     * @return completes when each object that existed is in the inbox
     * @throws KubernetesClientException if the API does not say what is allowed
     */
    synchronized CompletableFuture<Void> start() {
        if (follower == null) {
            narrow = own.isPresent() && !mayFollowAll.getAsBoolean();
            follower = new KindFollower<>(narrow ? kind.at(own.get()) : kind, inbox, System::nanoTime);
            listed = follower.start();
        }
        return listed;
    }

    /** It may be allowed by now. That is found out less and less often, since nobody may ever want it. */
    synchronized void lookWider() {
        if (follower == null || !narrow) {
            return;
        }
        looks++;
        try {
            if (Integer.bitCount(looks) == 1 && mayFollowAll.getAsBoolean()) {
                follower.follow(kind.source());
                narrow = false;
            }
        } catch (KubernetesClientException _) {
            // The API is away: there will be another look.
        }
    }

    synchronized void replaceIfSilent(Duration longest) {
        if (follower != null) {
            follower.replaceIfSilent(longest);
        }
    }

    synchronized void stop() {
        if (follower != null) {
            follower.stop();
        }
    }
}
