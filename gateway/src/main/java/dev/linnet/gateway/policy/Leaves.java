package dev.linnet.gateway.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Leave that was given or refused a while ago and still counts. All event loops of a gateway share it. */
final class Leaves {
    private static final int MOST = 10_000;

    private final Map<String, Kept> kept = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    private record Kept(Decision decision, long until) {}

    Leaves(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A key that says nothing to anybody else: what it is made of may be a password. */
    static String key(List<String> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                digest.update(bytes);
            }
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a JDK without SHA-256", e);
        }
    }

    Optional<Decision> find(String key) {
        Kept found = kept.get(key);
        return found != null && nanoTime.getAsLong() - found.until < 0 ? Optional.of(found.decision) : Optional.empty();
    }

    void keep(String key, Decision decision, Duration duration) {
        if (kept.size() >= MOST) {
            makeRoom();
        }
        kept.put(key, new Kept(decision, nanoTime.getAsLong() + duration.toNanos()));
    }

    private void makeRoom() {
        long now = nanoTime.getAsLong();
        kept.values().removeIf(old -> now - old.until >= 0);
        Iterator<String> any = kept.keySet().iterator();
        while (kept.size() >= MOST && any.hasNext()) {
            any.next();
            any.remove();
        }
    }
}
