package dev.linnet.apiserver.schema;

import com.google.re2j.Pattern;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which strings fit which {@code format}. Kubernetes ignores formats that it does not know, among them those of numbers
 * ({@code int32}); a few that no cluster needs (credit cards, ISBNs) are accepted without a look.
 */
public final class StringFormats {
    private static final String UUID = "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?%s[0-9a-f]{3}-?%s[0-9a-f]{3}-?[0-9a-f]{12}";
    private static final String BYTE_VALUE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String IPV4 = "(" + BYTE_VALUE + "\\.){3}" + BYTE_VALUE;
    private static final String LABEL =
            "[a-zA-Z0-9\\p{S}\\p{L}]([-a-zA-Z0-9\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?";

    private static final Pattern TIME =
            Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?(z|[+-][0-9]{2}:[0-9]{2})");

    private static final Map<String, Predicate<String>> FORMATS = Map.ofEntries(
            Map.entry("bsonobjectid", matching("[0-9a-fA-F]{24}")),
            Map.entry("byte", matching("([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")),
            Map.entry("cidr", StringFormats::isCidr),
            Map.entry("date", StringFormats::isDate),
            Map.entry("datetime", StringFormats::isDateTime),
            Map.entry("duration", matching("[-+]?([0-9]*\\.?[0-9]+ *(ns|us|µs|μs|ms|s|m|h|d|w|[a-z]+) *)+|0")),
            Map.entry("email", matching("([^@]*<)?[^@\\s<>]+@[^@\\s<>]+>?")),
            Map.entry("hexcolor", matching("#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")),
            Map.entry("hostname", StringFormats::isHostname),
            Map.entry("ipv4", matching(IPV4)),
            Map.entry("ipv6", StringFormats::isIpv6),
            Map.entry("mac", matching("[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}|([0-9a-fA-F]{4}\\.){2}[0-9a-fA-F]{4}")),
            Map.entry("password", _ -> true),
            Map.entry("ssn", matching("[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}")),
            Map.entry("uri", StringFormats::isUri),
            Map.entry("uuid", matching(UUID.formatted("[0-9a-f]", "[0-9a-f]"))),
            Map.entry("uuid3", matching(UUID.formatted("3", "[0-9a-f]"))),
            Map.entry("uuid4", matching(UUID.formatted("4", "[89ab]"))),
            Map.entry("uuid5", matching(UUID.formatted("5", "[89ab]"))));

    private StringFormats() {}

    /** Whether a text is of a format; anything is of one that is not known. */
    public static boolean fits(String format, String text) {
        return named(format).map(fits -> fits.test(text)).orElse(true);
    }

    /** Empty where the format says nothing. */
    static Optional<Predicate<String>> named(String format) {
        return Optional.ofNullable(FORMATS.get(format.replace("-", "")));
    }

    private static Predicate<String> matching(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return pattern::matches;
    }

    private static boolean isDate(String text) {
        try {
            return LocalDate.parse(text).getYear() >= 0;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isDateTime(String text) {
        int separator = text.indexOf('T') < 0 ? text.indexOf('t') : text.indexOf('T');
        return separator > 0
                && isDate(text.substring(0, separator))
                && TIME.matches(text.substring(separator + 1).toLowerCase(Locale.ROOT));
    }

    private static boolean isHostname(String text) {
        return text.length() <= 255 && Pattern.matches(LABEL + "(\\." + LABEL + ")*", text);
    }

    private static boolean isIpv6(String text) {
        return text.contains(":") && Pattern.matches("[0-9a-fA-F:.]+", text) && isInetLiteral(text);
    }

    /** The JDK parses a literal without a look-up, as the text holds nothing but hexadecimal digits, colons and dots. */
    private static boolean isInetLiteral(String text) {
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isCidr(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !Pattern.matches("[0-9]{1,3}", text.substring(slash + 1))) {
            return false;
        }
        int length = Integer.parseInt(text.substring(slash + 1));
        String address = text.substring(0, slash);
        return isIpv6(address) ? length <= 128 : Pattern.matches(IPV4, address) && length <= 32;
    }

    private static boolean isUri(String text) {
        try {
            URI uri = new URI(text);
            return uri.isAbsolute() || text.startsWith("/");
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
