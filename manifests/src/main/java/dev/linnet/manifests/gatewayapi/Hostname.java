package dev.linnet.manifests.gatewayapi;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * A host name of a listener or route (spec §6.3.2, §6.4).
 *
 * @param text in lower case; {@code *.example.com} for any number of labels in front; empty for any host
 */
record Hostname(String text) {
    static final Hostname ANY = new Hostname("");

    /** Exact names, then longer ones, then any. */
    static final Comparator<Hostname> MOST_SPECIFIC_FIRST = Comparator.<Hostname>comparingInt(
                    name -> name.text.isEmpty() ? 2 : name.isWildcard() ? 1 : 0)
            .thenComparing(Comparator.<Hostname>comparingInt(name -> name.text.length())
                    .reversed());

    static Hostname of(String written) {
        return new Hostname(written.toLowerCase(Locale.ROOT));
    }

    private boolean isWildcard() {
        return text.startsWith("*.");
    }

    /** Whether every host of the other one is one of these. */
    boolean covers(Hostname other) {
        if (text.isEmpty() || text.equals(other.text)) {
            return true;
        }
        return isWildcard() && other.text.endsWith(text.substring(1)) && other.text.length() > text.length() - 1;
    }

    /** What both mean; empty if nothing. */
    Optional<Hostname> and(Hostname other) {
        if (covers(other)) {
            return Optional.of(other);
        }
        return other.covers(this) ? Optional.of(this) : Optional.empty();
    }

    /** As rules spell it. */
    String ofRule() {
        return isWildcard() ? "*" + text : text;
    }
}
