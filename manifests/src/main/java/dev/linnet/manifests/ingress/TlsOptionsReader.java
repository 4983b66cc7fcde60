package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.TlsOptions;
import dev.linnet.routing.policy.TlsOptions.Sessions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads how TLS is spoken with clients. */
final class TlsOptionsReader {
    private static final String PROTOCOLS = "ssl-protocols";
    private static final String CIPHERS = "ssl-ciphers";
    private static final String TIMEOUT = "ssl-session-timeout";
    private static final List<String> SPOKEN = List.of("TLSv1.3", "TLSv1.2");

    /** Those of TLS 1.2 that BoringSSL has, as OpenSSL and as IANA call them. */
    private static final Map<String, String> KNOWN = known();

    /** As nginx counts them. */
    private static final int SESSIONS_OF_A_MEGABYTE = 4000;

    private static final int MOST_SESSIONS = 1_000_000;

    private final OptionText text;

    TlsOptionsReader(OptionText text) {
        this.text = text;
    }

    private static Map<String, String> known() {
        Map<String, String> known = new LinkedHashMap<>();
        for (String by : List.of("ECDSA", "RSA")) {
            known.put("ECDHE-" + by + "-AES128-GCM-SHA256", "TLS_ECDHE_" + by + "_WITH_AES_128_GCM_SHA256");
            known.put("ECDHE-" + by + "-AES256-GCM-SHA384", "TLS_ECDHE_" + by + "_WITH_AES_256_GCM_SHA384");
            known.put("ECDHE-" + by + "-CHACHA20-POLY1305", "TLS_ECDHE_" + by + "_WITH_CHACHA20_POLY1305_SHA256");
            known.put("ECDHE-" + by + "-AES128-SHA", "TLS_ECDHE_" + by + "_WITH_AES_128_CBC_SHA");
            known.put("ECDHE-" + by + "-AES256-SHA", "TLS_ECDHE_" + by + "_WITH_AES_256_CBC_SHA");
        }
        known.put("AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256");
        known.put("AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384");
        known.put("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA");
        known.put("AES256-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA");
        return known;
    }

    TlsOptions read() {
        return new TlsOptions(protocols(), ciphers(), text.flag("ssl-reject-handshake", false), sessions());
    }

    private List<String> protocols() {
        List<String> wanted = text.list(PROTOCOLS, SPOKEN);
        List<String> unspoken =
                wanted.stream().filter(version -> !SPOKEN.contains(version)).toList();
        if (!unspoken.isEmpty()) {
            text.bad(PROTOCOLS, String.join(" ", unspoken), "TLSv1.2 and TLSv1.3: no others are spoken");
        }
        List<String> both = SPOKEN.stream().filter(wanted::contains).toList();
        return both.isEmpty() ? SPOKEN : both;
    }

    private List<String> ciphers() {
        List<String> found = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String name : text.text(CIPHERS, "").split("[:,\\s]+", -1)) {
            if (!name.isEmpty() && !name.startsWith("TLS_")) { // those are of TLS 1.3, and always offered
                Optional.ofNullable(KNOWN.get(name)).ifPresentOrElse(found::add, () -> unknown.add(name));
            }
        }
        if (!unknown.isEmpty()) {
            text.bad(
                    CIPHERS,
                    String.join(":", unknown),
                    "some of " + String.join(":", KNOWN.keySet()) + ": these are left out");
        }
        return found;
    }

    private Sessions sessions() {
        Sessions usual = Sessions.DEFAULT;
        return new Sessions(
                text.flag("ssl-session-cache", usual.kept()),
                most(usual.most()),
                text.flag("ssl-session-tickets", usual.tickets()),
                lifetime(usual.lifetime()));
    }

    private int most(int usual) {
        String key = "ssl-session-cache-size";
        if (text.text(key).isEmpty()) {
            return usual;
        }
        long bytes = text.size(key, 0);
        return bytes == 0 ? usual : Math.clamp((bytes * SESSIONS_OF_A_MEGABYTE) >> 20, 1, MOST_SESSIONS);
    }

    private Duration lifetime(Duration usual) {
        Duration wanted = text.time(TIMEOUT, usual);
        if (wanted.toSeconds() > 0) {
            return wanted;
        }
        text.bad(TIMEOUT, text.text(TIMEOUT, ""), "at least one second");
        return usual;
    }
}
