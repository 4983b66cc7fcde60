package dev.linnet.manifests.ingress;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** What holds for the whole host (spec of ingress-nginx, §3.10, §4.2). */
final class HostAnnotations {
    static final String ALIAS = "server-alias";
    static final String APP_ROOT = "app-root";
    static final String WWW = "from-to-www-redirect";

    /** Names of hosts, in rules and elsewhere. */
    static final Pattern HOST = Pattern.compile("(\\*\\.)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

    private HostAnnotations() {}

    static HostWishes read(Annotations annotations) {
        OptionalInt www = annotations.flag(WWW, false)
                ? OptionalInt.of(annotations.options().redirects().code())
                : OptionalInt.empty();
        return new HostWishes(aliases(annotations), appRoot(annotations), www);
    }

    private static List<String> aliases(Annotations annotations) {
        Set<String> names = new LinkedHashSet<>();
        for (String written : annotations.text(ALIAS).orElse("").split(",", -1)) {
            String name = written.strip().toLowerCase(Locale.ROOT);
            if (name.startsWith("~")) {
                annotations.notObeyed(
                        Annotations.PREFIX + ALIAS,
                        "has \"" + name + "\", which is not obeyed: names are no patterns (expected: each name)");
            } else if (!name.isEmpty() && !HOST.matcher(name).matches()) {
                annotations.bad(ALIAS, "has \"" + name + "\" (expected: host names, separated by commas)");
            } else if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return List.copyOf(names);
    }

    private static Optional<String> appRoot(Annotations annotations) {
        Optional<String> path = annotations.text(APP_ROOT);
        boolean isPath = path.isEmpty()
                || (path.get().length() > 1
                        && RedirectAnnotations.PATH.matcher(path.get()).matches());
        if (!isPath) {
            annotations.bad(APP_ROOT, "is \"" + path.get() + "\" and redirects nobody (expected: a path other than /)");
            return Optional.empty();
        }
        return path;
    }
}
