package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Persistence;
import dev.linnet.routing.policy.Upstream;
import dev.linnet.routing.policy.Upstream.Protocol;
import dev.linnet.routing.policy.Upstream.Trust;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** How endpoints are spoken to (spec of ingress-nginx, §3.4, §4.3). */
final class UpstreamAnnotations {
    private static final String PROTOCOL = "backend-protocol";
    private static final String SECRET = "proxy-ssl-secret";
    private static final String VERIFY = "proxy-ssl-verify";
    private static final String DEPTH = "proxy-ssl-verify-depth";
    private static final String NAME = "proxy-ssl-name";
    private static final String SERVER_NAME = "proxy-ssl-server-name";
    private static final String PROTOCOLS = "proxy-ssl-protocols";

    private static final String CONNECTION = "connection-proxy-header";

    private UpstreamAnnotations() {}

    static Upstream read(Annotations annotations) {
        Protocol protocol = annotations
                .text(PROTOCOL)
                .map(text -> protocol(annotations, text))
                .orElse(Protocol.HTTP);
        return protocol == Protocol.HTTP ? Upstream.NONE : new Upstream(protocol, trust(annotations));
    }

    /** What endpoints are told of their connections. */
    static Persistence persistence(Annotations annotations) {
        String text = annotations.text(CONNECTION).orElse("");
        return switch (text) {
            case "" -> Persistence.UNSAID;
            case "keep-alive" -> Persistence.KEEP;
            case "close" -> Persistence.CLOSE;
            default -> {
                annotations.bad(CONNECTION, "is \"" + text + "\" (expected: \"close\" or \"keep-alive\")");
                yield Persistence.UNSAID;
            }
        };
    }

    private static Protocol protocol(Annotations annotations, String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "HTTP" -> Protocol.HTTP;
            case "HTTPS" -> Protocol.HTTPS;
            case "GRPC" -> Protocol.GRPC;
            case "GRPCS" -> Protocol.GRPCS;
            case "AUTO_HTTP" -> Protocol.AUTO_HTTP;
            default -> {
                annotations.bad(
                        PROTOCOL,
                        "is \"" + text
                                + "\" (expected: \"HTTP\", \"HTTPS\", \"GRPC\", \"GRPCS\" or \"AUTO_HTTP\"): it is HTTP");
                yield Protocol.HTTP;
            }
        };
    }

    /** As there, nothing of this counts without the Secret. */
    private static Optional<Trust> trust(Annotations annotations) {
        if (annotations.text(SECRET).isEmpty()) {
            if (annotations.text(VERIFY).filter(text -> !text.equals("off")).isPresent()) {
                annotations.bad(
                        VERIFY, "has no effect, and any endpoint is believed (expected beside it: " + SECRET + ")");
            }
            return Optional.empty();
        }
        return Optional.of(new Trust(
                SecretAnnotation.read(annotations, SECRET, false),
                onOff(annotations, VERIFY, true),
                annotations
                        .wholeNumber(DEPTH, 0, 100, "a whole number, 0 or more")
                        .orElse(1),
                annotations.text(NAME),
                onOff(annotations, SERVER_NAME, false),
                protocols(annotations)));
    }

    /** @param otherwise what holds if it is neither: a mistake must not make anybody believed */
    private static boolean onOff(Annotations annotations, String name, boolean otherwise) {
        String text = annotations.text(name).orElse("off");
        if (text.equals("on") || text.equals("off")) {
            return text.equals("on");
        }
        annotations.bad(
                name,
                "is \"" + text + "\" and counts as " + (otherwise ? "on" : "off") + " (expected: \"on\" or \"off\")");
        return otherwise;
    }

    private static Set<String> protocols(Annotations annotations) {
        Set<String> protocols = new LinkedHashSet<>();
        for (String word : annotations.text(PROTOCOLS).orElse("TLSv1.2").split("\\s+", -1)) {
            switch (word) {
                case "TLSv1.2", "TLSv1.3" -> protocols.add(word);
                case "SSLv2", "SSLv3", "TLSv1", "TLSv1.1" -> {} // nobody should speak these any more, and we do not
                default ->
                    annotations.bad(PROTOCOLS, "names \"" + word + "\" (expected: TLSv1.2 and TLSv1.3, with a space)");
            }
        }
        if (protocols.isEmpty()) {
            annotations.bad(PROTOCOLS, "names no version that is spoken (expected: TLSv1.2 or TLSv1.3): TLSv1.2 is");
            protocols.add("TLSv1.2");
        }
        return protocols;
    }
}
