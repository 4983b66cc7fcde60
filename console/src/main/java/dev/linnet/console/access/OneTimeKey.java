package dev.linnet.console.access;

import java.util.function.Consumer;

/** The secret in the link by which the person at this machine is let in, once; then there is another one. */
public final class OneTimeKey {
    private final Secrets secrets = new Secrets();
    private final Consumer<String> announce;
    private String key;

    /** @param announce is told each new key, the first one among them */
    public OneTimeKey(Consumer<String> announce) {
        this.announce = announce;
        this.key = secrets.fresh();
        announce.accept(key);
    }

    /** What the link says now. */
    public synchronized String current() {
        return key;
    }

    /** Whether this is the key, which it then is no longer. */
    public boolean redeem(String offered) {
        String next;
        synchronized (this) {
            if (!Secrets.isSame(offered, key)) {
                return false;
            }
            key = secrets.fresh();
            next = key;
        }
        announce.accept(next);
        return true;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "OneTimeKey[***]";
    }
}
