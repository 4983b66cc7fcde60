package dev.linnet.manifests.ingress;

import dev.linnet.routing.SecretRef;
import dev.linnet.routing.policy.Access;
import dev.linnet.routing.policy.Access.Leave;
import dev.linnet.routing.policy.Access.Password;
import dev.linnet.routing.policy.Access.Sources;
import dev.linnet.routing.policy.AddressRanges;
import java.util.List;
import java.util.Optional;

/**
 * Who may use the routes of an Ingress (spec of ingress-nginx, §4.4). Whatever is wrong here closes them: a mistake must not let
 * anybody in.
 */
final class AccessAnnotations {
    private static final String ALLOW = "allowlist-source-range";
    private static final String ALLOW_OLD = "whitelist-source-range";
    private static final String DENY = "denylist-source-range";
    private static final String TYPE = "auth-type";
    private static final String SECRET = "auth-secret";
    private static final String SECRET_TYPE = "auth-secret-type";
    private static final String REALM = "auth-realm";
    private static final String SATISFY = "satisfy";
    private static final String GLOBAL = "enable-global-auth";
    private static final String URL = "auth-url";
    private static final List<String> BESIDE_URL = List.of(
            "auth-always-set-cookie",
            "auth-cache-duration",
            "auth-cache-key",
            "auth-method",
            "auth-proxy-set-headers",
            "auth-request-redirect",
            "auth-response-headers",
            "auth-signin",
            "auth-signin-redirect-param");

    private final Annotations annotations;
    private Optional<String> closed = Optional.empty();

    private AccessAnnotations(Annotations annotations) {
        this.annotations = annotations;
    }

    static Access read(Annotations annotations) {
        return new AccessAnnotations(annotations).read();
    }

    private Access read() {
        GlobalOptions.Access usual = annotations.options().access();
        Sources sources = new Sources(allowed(usual.allowed()), ranges(DENY, usual.denied()));
        Optional<Password> password = password();
        Optional<Leave> leave = leave(usual);
        Access access = new Access(sources, password, leave, any(), closed, usual.openBelow());
        return access.isOpen() ? Access.OPEN : access; // so that a route that demands nothing costs nothing
    }

    /** The old name counts only where the new one says nothing. */
    private AddressRanges allowed(List<String> usual) {
        return ranges(annotations.text(ALLOW).isPresent() ? ALLOW : ALLOW_OLD, usual);
    }

    private AddressRanges ranges(String name, List<String> usual) {
        Optional<String> own = annotations.text(name);
        if (own.isEmpty() && usual.isEmpty()) {
            return AddressRanges.NONE;
        }
        Optional<AddressRanges> ranges = AddressRanges.parse(own.orElseGet(() -> String.join(",", usual)));
        if (ranges.isEmpty()) {
            if (own.isPresent()) {
                bad(name, own.get(), AddressRanges.EXPECTED);
            } else {
                close("its list of the ConfigMap cannot be understood"); // whose Problem the ConfigMap has
            }
        }
        return ranges.orElse(AddressRanges.NONE);
    }

    private Optional<Password> password() {
        Optional<String> type = annotations.text(TYPE);
        Optional<String> secret = annotations.text(SECRET);
        if (type.isEmpty() && secret.isEmpty()) {
            return Optional.empty();
        }
        if (type.isEmpty()) {
            return missing(TYPE, "basic");
        }
        if (!type.get().equals("basic")) {
            bad(TYPE, type.get(), type.get().equals("digest") ? "basic: digest is not obeyed" : "basic");
            return Optional.empty();
        }
        if (secret.isEmpty()) {
            return missing(SECRET, "the name of a Secret");
        }
        return secret(secret.get()).map(ref -> new Password(ref, perUser(), realm()));
    }

    private <T> Optional<T> missing(String name, String expected) {
        annotations.bad(name, "is missing (expected: " + expected + "): nobody may use its routes");
        close(name + " is missing");
        return Optional.empty();
    }

    private Optional<SecretRef> secret(String value) {
        String own = annotations.object().namespace();
        String[] parts = value.split("/", -1);
        boolean ours = parts.length == 1 || (parts.length == 2 && parts[0].equals(own));
        if (!ours || parts[parts.length - 1].isEmpty()) {
            bad(SECRET, value, "the name of a Secret in namespace " + own);
            return Optional.empty();
        }
        return Optional.of(new SecretRef(own, parts[parts.length - 1]));
    }

    private boolean perUser() {
        String type = annotations.text(SECRET_TYPE).orElse("auth-file");
        if (!type.equals("auth-file") && !type.equals("auth-map")) {
            bad(SECRET_TYPE, type, "auth-file or auth-map");
        }
        return type.equals("auth-map");
    }

    private String realm() {
        String realm = annotations.text(REALM).orElse("");
        if (!realm.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            bad(REALM, realm, "plain text");
            return "";
        }
        return realm;
    }

    private Optional<Leave> leave(GlobalOptions.Access usual) {
        if (annotations.text(URL).isPresent()) {
            return heard(LeaveReader.ofAnnotations(annotations).read());
        }
        BESIDE_URL.stream()
                .filter(name -> annotations.text(name).isPresent())
                .forEach(name -> annotations.bad(name, "has no effect without " + URL + " (expected: both)"));
        boolean global = usual.leave().containsKey(URL) && annotations.flag(GLOBAL, true);
        return global ? heard(LeaveReader.ofOptions(usual.leave()).read()) : Optional.empty();
    }

    private Optional<Leave> heard(LeaveReader.Outcome outcome) {
        outcome.closed().ifPresent(this::close);
        return outcome.leave();
    }

    private boolean any() {
        String value = annotations.text(SATISFY).orElse("all");
        if (!value.equals("all") && !value.equals("any")) {
            annotations.bad(SATISFY, "is \"" + value + "\" (expected: all or any): all counts");
        }
        return value.equals("any");
    }

    private void bad(String name, String value, String expected) {
        annotations.bad(
                name,
                "is \"" + value + "\" (expected: " + expected + "): nobody may use its routes until it is corrected");
        close(name + " cannot be understood");
    }

    private void close(String why) {
        closed = closed.or(() -> Optional.of(why));
    }
}
