package dev.linnet.console.access;

import java.time.Duration;
import java.time.Instant;

/** A person's visit, from login to logout or to its end by age. */
public final class Session {
    static final Duration LONGEST = Duration.ofHours(24);
    static final Duration LONGEST_REST = Duration.ofHours(8);

    private final String id;
    private final String formKey;
    private final Person person;
    private final Rights rights;
    private final Instant began;
    private volatile Instant seen;

    Session(String id, String formKey, Person person, Rights rights, Instant now) {
        this.id = id;
        this.formKey = formKey;
        this.person = person;
        this.rights = rights;
        this.began = now;
        this.seen = now;
    }

    public String id() {
        return id;
    }

    /** What forms of this session carry, so that no other site can send them. */
    public String formKey() {
        return formKey;
    }

    public Person person() {
        return person;
    }

    public Rights rights() {
        return rights;
    }

    /** Whether a form was made for this session. */
    public boolean gave(String key) {
        return Secrets.isSame(key, formKey);
    }

    boolean isOver(Instant now) {
        return now.isAfter(began.plus(LONGEST)) || now.isAfter(seen.plus(LONGEST_REST));
    }

    Instant seen() {
        return seen;
    }

    void touch(Instant now) {
        seen = now;
    }
}
