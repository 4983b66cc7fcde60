package dev.linnet.routing;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * What one event loop remembers of the decisions for one route: its chance, whose turn it is where shares are exact, and the id that
 * a user gets who has none. Made by {@link Route#newDealer}. For one thread.
 */
public final class Dealer {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static final long[] NOTHING = {};

    private final RandomGenerator random;
    private final long[] credits;
    private byte[] user = {};
    private boolean newUser;
    private ReleaseSides brought = ReleaseSides.NONE;

    /** Exact shares begin anywhere in their turn, so that loops do not march in step and a restart favours nobody. */
    Dealer(RandomGenerator random, int exactOnes) {
        this.random = random;
        this.credits = exactOnes == 0 ? NOTHING : new long[exactOnes];
        for (int i = 0; i < exactOnes; i++) {
            credits[i] = draw();
        }
    }

    /** @param sides that the request to be decided on has brought */
    void begin(ReleaseSides sides) {
        newUser = false;
        brought = sides;
    }

    /** The sides of joint releases that the request of the last decision has brought; none where its route is in no such release. */
    public ReleaseSides brought() {
        return brought;
    }

    /** 62 bits by chance. */
    long draw() {
        return random.nextLong() >>> 2;
    }

    /** Whether it is this canary's turn: once its parts have added up to a whole request. */
    boolean turn(int canary, long part) {
        long credit = credits[canary] + part;
        boolean due = credit >= Shares.WHOLE;
        credits[canary] = due ? credit - Shares.WHOLE : credit;
        return due;
    }

    /** The id of a user who has none, as the bytes that he will send from now on. */
    byte[] newUser() {
        if (!newUser) {
            newUser = true;
            user = new byte[Long.SIZE / 4];
            long id = random.nextLong();
            for (int i = 0; i < user.length; i++) {
                user[i] = HEX[(int) (id >>> (4 * i)) & 0xf];
            }
        }
        return user;
    }

    /** Whether the last decision was about a user without an id: he must be given {@link #newUserId}. */
    public boolean metNewUser() {
        return newUser;
    }

    public String newUserId() {
        return new String(user, StandardCharsets.US_ASCII);
    }
}
