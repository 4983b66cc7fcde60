package dev.linnet.gateway.policy;

import dev.linnet.gateway.aside.Passwords;
import dev.linnet.gateway.aside.Passwords.Answer;
import dev.linnet.gateway.aside.Users;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.policy.Opinion.Refused;
import dev.linnet.numbers.Failure;
import dev.linnet.routing.Secret;
import dev.linnet.routing.policy.Access.Password;
import java.nio.charset.StandardCharsets;
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

    private final Password wanted;
    private final Loop loop;
    private final Passwords passwords;
    private final Opinion refused;
    private Optional<Secret<Map<String, byte[]>>> read = Optional.empty();
    private Optional<Users> users = Optional.empty();

    private record Credentials(String name, String password) {
        @Override
        public String toString() {
            return "***";
        }
    }

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
        Optional<Credentials> told = credentials(visit);
        if (told.isEmpty()) {
            then.accept(refused);
            return;
        }
        Credentials credentials = told.get();
        Optional<Answer> answered = passwords.now(known.get(), credentials.name(), credentials.password());
        if (answered.isPresent()) {
            then.accept(opinion(answered.get()));
            return;
        }
        visit.hold();
        passwords.ask(
                known.get(),
                credentials.name(),
                credentials.password(),
                answer -> visit.loop().workplace().execute(() -> then.accept(opinion(answer))));
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
    private static Optional<Credentials> credentials(Visit visit) {
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
                    : Optional.of(new Credentials(text.substring(0, colon), text.substring(colon + 1)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
