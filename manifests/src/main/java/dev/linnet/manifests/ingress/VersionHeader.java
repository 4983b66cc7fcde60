package dev.linnet.manifests.ingress;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The name of a response header that tells which version has answered. */
final class VersionHeader {
    private static final String NAME = "version-header";
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9-]{1,100}");

    /** What clients and proxies act upon must not be said by us. */
    private static final Set<String> TAKEN = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "date",
            "keep-alive",
            "location",
            "server",
            "set-cookie",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private VersionHeader() {}

    static Optional<String> read(Annotations annotations) {
        Optional<String> name = annotations.ownText(NAME);
        if (name.isEmpty()) {
            return name;
        }
        boolean good = TOKEN.matcher(name.get()).matches()
                && !TAKEN.contains(name.get().toLowerCase(Locale.ROOT));
        if (!good) {
            annotations.ownBad(
                    NAME, "is \"" + name.get() + "\" (expected: the name of a header of your own, such as X-Version)");
        }
        return name.filter(_ -> good);
    }
}
