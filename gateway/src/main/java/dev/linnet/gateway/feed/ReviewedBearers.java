package dev.linnet.gateway.feed;

import dev.linnet.gateway.ops.Bearers;
import dev.linnet.routing.Secret;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the Kubernetes API decide, as kube-rbac-proxy does: a TokenReview says whose token it is, a SubjectAccessReview whether he may
 * {@code get} the path. What it said counts for a short time, so that who reads each second does not ask each second.
 */
public final class ReviewedBearers implements Bearers {
    private static final Logger log = LoggerFactory.getLogger(ReviewedBearers.class);
    private static final Duration GOOD_FOR = Duration.ofSeconds(60);

    /** Shorter, so that somebody who was just granted it need not wait. */
    private static final Duration BAD_FOR = Duration.ofSeconds(5);

    private static final int MOST_KNOWN = 1024;

    /** Of tokens that are meant for gateways alone. */
    private static final String AUDIENCE = "linnet.dev/numbers";

    private final KubernetesClient client;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Known> known = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
            return size() > MOST_KNOWN;
        }
    };

    /** @param digest of a token: no token is kept */
    private record Key(String digest, String path) {}

    private record Known(Verdict verdict, Instant until) {}

    public ReviewedBearers(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public Verdict judge(Secret<String> token, String path) {
        Key key = new Key(digest(token), path);
        Optional<Verdict> before = recall(key);
        if (before.isPresent()) {
            return before.get();
        }
        Verdict verdict = ask(token, path);
        remember(key, verdict);
        return verdict;
    }

    private Optional<Verdict> recall(Key key) {
        lock.lock();
        try {
            return Optional.ofNullable(known.get(key))
                    .filter(found -> found.until.isAfter(clock.instant()))
                    .map(Known::verdict);
        } finally {
            lock.unlock();
        }
    }

    private void remember(Key key, Verdict verdict) {
        Duration life = verdict == Verdict.ALLOWED ? GOOD_FOR : BAD_FOR;
        lock.lock();
        try {
            known.remove(key); // so that it becomes the youngest
            known.put(key, new Known(verdict, clock.instant().plus(life)));
        } finally {
            lock.unlock();
        }
    }

    private Verdict ask(Secret<String> token, String path) {
        try {
            Optional<UserInfo> owner = owner(token);
            if (owner.isEmpty()) {
                return Verdict.UNKNOWN;
            }
            return mayGet(owner.get(), path) ? Verdict.ALLOWED : Verdict.FORBIDDEN;
        } catch (KubernetesClientException e) {
            log.atWarn()
                    .addKeyValue("path", path)
                    .addKeyValue(
                            "cause", e.getCode() > 0 ? "the API answers " + e.getCode() : "the API does not answer")
                    .log("It cannot be found out who may read numbers");
            return Verdict.UNDECIDED;
        }
    }

    /** A token that opens the API opens this, too; one that is only good for numbers is safer with a gateway in somebody's namespace. */
    private Optional<UserInfo> owner(Secret<String> token) {
        return review(token, List.of())
                .or(() -> review(token, List.of(AUDIENCE))
                        .filter(status -> status.getAudiences().contains(AUDIENCE)))
                .map(TokenReviewStatus::getUser);
    }

    private Optional<TokenReviewStatus> review(Secret<String> token, List<String> audiences) {
        TokenReview review = client.tokenReviews()
                .create(new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token.reveal())
                        .withAudiences(audiences)
                        .endSpec()
                        .build());
        return Optional.ofNullable(review.getStatus()).filter(status -> Boolean.TRUE.equals(status.getAuthenticated()));
    }

    private boolean mayGet(UserInfo owner, String path) {
        SubjectAccessReview review = client.authorization()
                .v1()
                .subjectAccessReview()
                .create(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser(owner.getUsername())
                        .withUid(owner.getUid())
                        .withGroups(owner.getGroups())
                        .withExtra(owner.getExtra())
                        .withNewNonResourceAttributes()
                        .withPath(path)
                        .withVerb("get")
                        .endNonResourceAttributes()
                        .endSpec()
                        .build());
        return Optional.ofNullable(review.getStatus())
                .filter(status -> Boolean.TRUE.equals(status.getAllowed()))
                .isPresent();
    }

    private static String digest(Secret<String> token) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(token.reveal().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Each Java platform has SHA-256", e);
        }
    }
}
