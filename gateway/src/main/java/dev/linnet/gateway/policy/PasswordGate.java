package dev.linnet.gateway.policy;

import dev.linnet.gateway.aside.Login;
import dev.linnet.gateway.aside.Passwords;
import dev.linnet.gateway.aside.Passwords.Answer;
import dev.linnet.gateway.aside.Users;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.gateway.exchange.Workplace;
import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.policy.Opinion.Refused;
import dev.linnet.numbers.Failure;
import dev.linnet.routing.Secret;
import dev.linnet.routing.policy.Access.Password;
import dev.linnet.routing.policy.Addresses;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Lets clients in who know a name and its password (RFC 7617). Without the Secret nobody does. */
final class PasswordGate implements Gate {
    private static final Opinion NO_SECRET = Refused.of(503, "the passwords for this are missing");
    private static final Opinion BUSY = Refused.of(503, "too many passwords to check");
    private static final byte[] AUTHORIZATION = "authorization".getBytes(StandardCharsets.US_ASCII);
    private static final String BASIC = "Basic ";
    private static final int IPV6 = 16;

    private final Password wanted;
    private final Loop loop;
    private final Passwords passwords;
    private final Opinion refused;
    private Optional<Secret<Map<String, byte[]>>> read = Optional.empty();
    private Optional<Users> users = Optional.empty();

    PasswordGate(Password wanted, Loop loop, Passwords passwords) {
        this.wanted = wanted;
        this.loop = loop;
        this.passwords = passwords;
        String realm = wanted.realm().replace("\\", "\\\\").replace("\"", "\\\"");
        this.refused = new Refused(401, Failure.NONE, "", "WWW-Authenticate: Basic realm=\"" + realm + "\"\r\n");
    }

    @Override
    public void ask(Visit visit, Consumer<Opinion> then) {
        Optional<Users> known = users();
        if (known.isEmpty()) {
            then.accept(NO_SECRET);
            return;
        }
        Optional<Login> told = login(visit);
        if (told.isEmpty()) {
            then.accept(refused);
            return;
        }
        Optional<Answer> answered = passwords.now(known.get(), told.get());
        if (answered.isPresent()) {
            then.accept(opinion(answered.get()));
            return;
        }
        visit.hold();
        Waiting waiting = new Waiting(visit, answer -> then.accept(opinion(answer)));
        visit.whenAbandoned(waiting::leave);
        passwords.ask(known.get(), told.get(), waiting);
    }

    /** A request that waits for what a password is worth, on its event loop. */
    private static final class Waiting implements Passwords.Listener {
        private final Workplace workplace;
        private final Consumer<Answer> then;
        private volatile boolean left;

        Waiting(Visit visit, Consumer<Answer> then) {
            this.workplace = visit.loop().workplace();
            this.then = then;
        }

        void leave() {
            left = true;
        }

        @Override
        public boolean isListening() {
            return !left;
        }

        @Override
        public void answered(Answer answer) {
            workplace.execute(() -> then.accept(answer));
        }
    }

    /** Read again when the Secret is another one. */
    private Optional<Users> users() {
        Optional<Secret<Map<String, byte[]>>> now = loop.secret(wanted.secret());
        if (!now.equals(read)) {
            read = now;
            users = now.flatMap(secret -> users(secret.reveal()));
        }
        return users;
    }

    private Optional<Users> users(Map<String, byte[]> keys) {
        return wanted.perUser()
                ? Optional.of(Users.ofKeys(keys))
                : Optional.ofNullable(keys.get(Password.FILE)).map(Users::ofFile);
    }

    private Opinion opinion(Answer answer) {
        return switch (answer) {
            case RIGHT -> Opinion.ALLOWED;
            case WRONG -> refused;
            case BUSY -> BUSY;
        };
    }

    /** Empty if there are none, or more than one line of them, or they are malformed. */
    private static Optional<Login> login(Visit visit) {
        RequestHead head = visit.headAgain();
        int line = head.next(AUTHORIZATION, 0);
        if (line < 0 || head.next(AUTHORIZATION, line + 1) >= 0) {
            return Optional.empty();
        }
        String value = head.value(line);
        if (!value.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Optional.empty();
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(value.substring(BASIC.length()).strip());
            String text = new String(decoded, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(
                            new Login(client(visit.caller()), text.substring(0, colon), text.substring(colon + 1)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Whoever has one address of IPv6 has all that share its first half (RFC 6177). */
    private static String client(Caller caller) {
        byte[] address = caller.address();
        return address.length == IPV6
                ? Addresses.text(Arrays.copyOf(Arrays.copyOf(address, IPV6 / 2), IPV6))
                : caller.text();
    }
}
