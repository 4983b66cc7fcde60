package dev.linnet.manifests.istio;

import dev.linnet.routing.ServiceRef;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of hosts, Services and gateways, as Istio completes them (spec §1.5). */
final class Names {
    /** All that is not a gateway. */
    static final String MESH = "mesh";

    /** Of hosts and patterns that cover the same host. */
    static final Comparator<String> NARROWEST_LAST = Comparator.<String>comparingInt(
                    name -> name.startsWith("*") ? 0 : 1)
            .thenComparingInt(String::length);

    private static final String DOMAIN = ".svc.cluster.local";
    private static final Pattern SERVICE = Pattern.compile("([a-z0-9-]+)\\.([a-z0-9-]+)\\.svc\\.cluster\\.local\\.?");

    private Names() {}

    /** A name without a dot is a Service's in the namespace of the object that says it; all others stay. */
    static String host(String written, String namespace) {
        String name = written.toLowerCase(Locale.ROOT);
        boolean isShort = !name.isEmpty() && name.indexOf('.') < 0 && !name.equals("*");
        return isShort ? whole(namespace, name) : name;
    }

    /** The whole name of a Service. */
    static String whole(String namespace, String name) {
        return name + "." + namespace + DOMAIN;
    }

    /** The Service that a whole name means, if it is one. */
    static Optional<ServiceRef> service(String host, String port) {
        Matcher matcher = SERVICE.matcher(host);
        return matcher.matches()
                ? Optional.of(new ServiceRef(matcher.group(2), matcher.group(1), port))
                : Optional.empty();
    }

    /** {@code mesh}, or a gateway as {@code namespace/name}. */
    static String gateway(String written, String namespace) {
        if (written.equals(MESH)) {
            return MESH;
        }
        if (written.startsWith("./")) {
            return namespace + written.substring(1);
        }
        if (written.contains("/")) {
            return written;
        }
        Optional<ServiceRef> service = service(written, "");
        return service.map(ref -> ref.namespace() + "/" + ref.name()).orElse(namespace + "/" + written);
    }

    /** Whether a host, or pattern with a star in front, is covered by another one. */
    static boolean covers(String pattern, String host) {
        if (pattern.equals("*") || pattern.equals(host)) {
            return true;
        }
        return pattern.startsWith("*") && host.endsWith(pattern.substring(1)) && host.length() >= pattern.length();
    }

    /** What both mean: the narrower one; empty if nothing. */
    static Optional<String> both(String one, String other) {
        if (covers(one, other)) {
            return Optional.of(other);
        }
        return covers(other, one) ? Optional.of(one) : Optional.empty();
    }

    /** As rules spell it: {@code **.example.com} for any number of labels, empty for any host. */
    static String ofRule(String host) {
        if (host.equals("*")) {
            return "";
        }
        return host.startsWith("*.") ? "*" + host : host;
    }
}
