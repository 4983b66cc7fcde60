package dev.linnet.gateway.http;

import dev.linnet.routing.policy.Addresses;
import dev.linnet.routing.policy.CallerOptions;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Finds out who asks where proxies are in front of us that are trusted (spec of ingress-nginx, §3.7). */
public final class CallerReader {
    private static final byte[] FORWARDED_HOST = ascii("x-forwarded-host");
    private static final byte[] FORWARDED_PORT = ascii("x-forwarded-port");
    private static final byte[] FORWARDED_PROTO = ascii("x-forwarded-proto");
    private static final int MOST_ADDRESSES = 64;

    private CallerReader() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The caller of a request: the connection's, unless its peer is trusted to know better. */
    public static Caller read(RequestHead head, Caller connection, CallerOptions options) {
        if (!options.believesHeaders() || !options.trusted().contains(connection.peer())) {
            return connection;
        }
        String told = head.joined(ascii(options.forwardedFor()));
        byte[] address = address(told, connection, options);
        if (!options.forwardedHeaders()) {
            return connection.told(address, 0, connection.scheme(), "", "");
        }
        return connection.told(
                address,
                port(first(head, FORWARDED_PORT)),
                scheme(first(head, FORWARDED_PROTO), connection.scheme()),
                host(first(head, FORWARDED_HOST)),
                options.fullChain() ? chain(told, connection) : "");
    }

    /** The last one that nobody trusted has named; the first of all if all are trusted. What is no address ends the search. */
    private static byte[] address(String told, Caller connection, CallerOptions options) {
        byte[] found = connection.address();
        int end = told.length();
        for (int i = 0; i < MOST_ADDRESSES && end >= 0; i++) {
            int comma = told.lastIndexOf(',', end - 1);
            Optional<byte[]> next =
                    Addresses.parse(withoutPort(told.substring(comma + 1, end).strip()));
            if (next.isEmpty()) {
                return found;
            }
            found = next.get();
            if (!options.trusted().contains(found)) {
                return found;
            }
            end = comma;
        }
        return found;
    }

    /** {@code 1.2.3.4:5}, {@code [::1]} and {@code [::1]:5} are seen, too. */
    private static String withoutPort(String address) {
        if (address.startsWith("[")) {
            int close = address.indexOf(']');
            return close < 0 ? address : address.substring(1, close);
        }
        int colon = address.indexOf(':');
        boolean one = colon >= 0 && address.indexOf(':', colon + 1) < 0;
        return one ? address.substring(0, colon) : address;
    }

    /** All that was told, and who told it last. */
    private static String chain(String told, Caller connection) {
        String peer = Addresses.text(connection.peer());
        boolean plain = told.chars().allMatch(c -> c > ' ' - 1 && c < 0x7f);
        return told.isEmpty() || !plain ? peer : told + ", " + peer;
    }

    private static String first(RequestHead head, byte[] name) {
        String all = head.joined(name);
        int comma = all.indexOf(',');
        return (comma < 0 ? all : all.substring(0, comma)).strip();
    }

    private static int port(String told) {
        boolean digits = !told.isEmpty() && told.length() <= 5 && told.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(told) : 0;
        return port < 65536 ? port : 0;
    }

    private static String scheme(String told, String otherwise) {
        boolean word = !told.isEmpty()
                && told.length() <= 16
                && told.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
        return word ? told.toLowerCase(Locale.ROOT) : otherwise;
    }

    private static String host(String told) {
        byte[] bytes = told.getBytes(StandardCharsets.ISO_8859_1);
        return new HostField().read(bytes, 0, bytes.length) == Rejection.NONE ? told : "";
    }
}
