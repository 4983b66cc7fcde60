package dev.linnet.gateway.aside;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks passwords. Good hashes are slow on purpose, so that is done on other threads, as many at a time as there are processors, for
 * clients in turn: whoever tries thousands waits for himself. That one was right is remembered for a while, by a keyed hash that says
 * nothing to anybody else.
 */
public final class Passwords {
    private static final long REMEMBERED_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST_REMEMBERED = 10_000;
    private static final int MOST_WAITING = 256;
    private static final long IDLE_SECONDS = 10;
    private static final String MAC = "HmacSHA256";

    private final Map<String, Long> right = new ConcurrentHashMap<>();
    private final SecretKeySpec key;
    private final ThreadPoolExecutor threads = threads();
    private final FairLine<Question> waiting = new FairLine<>(MOST_WAITING);
    private final LongSupplier nanoTime;

    /** What became of a question. */
    public enum Answer {
        RIGHT,
        WRONG,
        /** Too many ask at a time. */
        BUSY
    }

    /** Whoever wants to know. Asked and told on other threads. */
    public interface Listener {
        /** Whether the answer is of any use still. */
        boolean isListening();

        void answered(Answer answer);
    }

    private record Question(Users users, Login login, Listener listener) {}

    public Passwords(LongSupplier nanoTime) {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, MAC);
        this.nanoTime = nanoTime;
    }

    /** As many as there are processors, while they are needed. Not virtual ones: those who share theirs would wait, health checks too. */
    private static ThreadPoolExecutor threads() {
        int processors = Runtime.getRuntime().availableProcessors();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                processors,
                processors,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("linnet-passwords").factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** The answer, if it is known or found at once; else {@link #ask}. */
    public Optional<Answer> now(Users users, Login login) {
        Optional<PasswordHash> hash = users.hashOf(login.name());
        if (hash.isEmpty()) {
            return Optional.of(Answer.WRONG);
        }
        if (!hash.get().isSlow()) {
            return Optional.of(hash.get().isOf(login.password()) ? Answer.RIGHT : Answer.WRONG);
        }
        Long until = right.get(digest(hash.get(), login));
        boolean fresh = until != null && nanoTime.getAsLong() - until < 0;
        return fresh ? Optional.of(Answer.RIGHT) : Optional.empty();
    }

    /** Finds the answer, and tells on another thread. */
    public void ask(Users users, Login login, Listener listener) {
        Optional<Question> tooMany = waiting.add(login.client(), new Question(users, login, listener));
        if (tooMany.isPresent()) {
            tooMany.get().listener.answered(Answer.BUSY);
        } else {
            threads.execute(this::answerNext); // one for each that waits
        }
    }

    private void answerNext() {
        Question question = waiting.next().orElseThrow();
        if (!question.listener.isListening()) {
            return;
        }
        Answer answer = Answer.WRONG;
        try {
            answer = check(question.users, question.login);
        } finally {
            question.listener.answered(answer);
        }
    }

    private Answer check(Users users, Login login) {
        Optional<PasswordHash> hash = users.hashOf(login.name());
        if (hash.isEmpty() || !hash.get().isOf(login.password())) {
            return Answer.WRONG;
        }
        if (right.size() >= MOST_REMEMBERED) {
            right.clear();
        }
        right.put(digest(hash.get(), login), nanoTime.getAsLong() + REMEMBERED_NANOS);
        return Answer.RIGHT;
    }

    /** Of all that decides, so that a changed hash is another question. */
    private String digest(PasswordHash hash, Login login) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            for (String part : new String[] {hash.text(), login.name(), login.password()}) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                mac.update(bytes);
            }
            return Base64.getEncoder().encodeToString(mac.doFinal());
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("a JDK without " + MAC, e);
        }
    }
}
