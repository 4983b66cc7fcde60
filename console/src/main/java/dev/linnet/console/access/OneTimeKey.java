package dev.linnet.console.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Consumer;

/** The secret in the link by which the person at this machine is let in, once; then there is another one. */
public final class OneTimeKey {
    private static final int BYTES = 24;

    private final SecureRandom random = new SecureRandom();
    private final Consumer<String> announce;
    private String key;

    /** @param announce is told each new key, the first one among them */
    public OneTimeKey(Consumer<String> announce) {
        this.announce = announce;
        this.key = fresh();
        announce.accept(key);
    }

    private String fresh() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** What the link says now. */
    public synchronized String current() {
        return key;
    }

    /** Whether this is the key, which it then is no longer. */
    public boolean redeem(String offered) {
        String next;
        synchronized (this) {
            if (!MessageDigest.isEqual(bytes(offered), bytes(key))) {
                return false;
            }
            key = fresh();
            next = key;
        }
        announce.accept(next);
        return true;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "OneTimeKey[***]";
    }
}
