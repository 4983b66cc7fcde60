package dev.linnet.apiserver.kinds;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * What names, labels, ports and addresses may look like. Each check returns what is wrong, in the words of a real API server;
 * an empty list means that all is well.
 */
public final class Names {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
    private static final String LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String LABEL_VALUE = "(" + QUALIFIED + ")?";
    private static final String LABEL_UNDERSCORES = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
    private static final String UNDERSCORES = LABEL_UNDERSCORES + "(\\." + LABEL_UNDERSCORES + ")*";
    private static final String WILDCARD = "\\*\\." + SUBDOMAIN;
    private static final String CONFIG_KEY = "[-._a-zA-Z0-9]+";
    private static final String ENVIRONMENT_RELAXED = "[ -<>-~]+";
    private static final String HTTP_HEADER = "[-A-Za-z0-9]+";
    private static final String HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

    private static final Pattern LABEL_PATTERN = Pattern.compile(LABEL);
    private static final Pattern SUBDOMAIN_PATTERN = Pattern.compile(SUBDOMAIN);
    private static final Pattern LABEL_1035_PATTERN = Pattern.compile(LABEL_1035);
    private static final Pattern QUALIFIED_PATTERN = Pattern.compile(QUALIFIED);
    private static final Pattern LABEL_VALUE_PATTERN = Pattern.compile(LABEL_VALUE);
    private static final Pattern UNDERSCORES_PATTERN = Pattern.compile(UNDERSCORES);
    private static final Pattern HTTP_HEADER_PATTERN = Pattern.compile(HTTP_HEADER);
    private static final Pattern WILDCARD_PATTERN = Pattern.compile(WILDCARD);
    private static final Pattern CONFIG_KEY_PATTERN = Pattern.compile(CONFIG_KEY);
    private static final Pattern ENVIRONMENT_PATTERN = Pattern.compile(ENVIRONMENT_RELAXED);
    private static final Pattern HTTP_PATH_PATTERN = Pattern.compile(HTTP_PATH);

    private static final int LABEL_MAX = 63;
    private static final int SUBDOMAIN_MAX = 253;
    private static final int PORT_NAME_MAX = 15;

    /** Without vowels, 0, 1 and 3, as in Kubernetes: no words come about. */
    private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    private static final int SUFFIX_LENGTH = 5;

    private Names() {}

    /** {@code web-1}. */
    public static List<String> label(String value) {
        return named(
                value,
                LABEL_MAX,
                LABEL_PATTERN,
                pattern(
                        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and"
                                + " end with an alphanumeric character",
                        LABEL,
                        "my-name",
                        "123-abc"));
    }

    /** {@code web.example-1}. */
    public static List<String> subdomain(String value) {
        return named(
                value,
                SUBDOMAIN_MAX,
                SUBDOMAIN_PATTERN,
                pattern(
                        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must"
                                + " start and end with an alphanumeric character",
                        SUBDOMAIN,
                        "example.com"));
    }

    /** {@code _service.example.com}: where resolvers look for short names. */
    static List<String> subdomainWithUnderscores(String value) {
        return named(
                value,
                SUBDOMAIN_MAX,
                UNDERSCORES_PATTERN,
                pattern(
                        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and"
                                + " must start and end with an alphanumeric character",
                        UNDERSCORES,
                        "example.com"));
    }

    /** A label that starts with a letter. */
    public static List<String> label1035(String value) {
        return named(
                value,
                LABEL_MAX,
                LABEL_1035_PATTERN,
                pattern(
                        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic"
                                + " character, and end with an alphanumeric character",
                        LABEL_1035,
                        "my-name",
                        "abc-123"));
    }

    /** {@code *.example.com}. */
    public static List<String> wildcardSubdomain(String value) {
        return named(
                value,
                SUBDOMAIN_MAX,
                WILDCARD_PATTERN,
                pattern(
                        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist"
                                + " of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
                        WILDCARD,
                        "*.example.com"));
    }

    /** Whatever can be one segment of a URL path. */
    public static List<String> pathSegment(String value) {
        if (value.equals(".") || value.equals("..")) {
            return List.of("may not be '" + value + "'");
        }
        List<String> wrong = new ArrayList<>();
        for (String forbidden : List.of("/", "%")) {
            if (value.contains(forbidden)) {
                wrong.add("may not contain '" + forbidden + "'");
            }
        }
        return wrong;
    }

    /** A label's or annotation's key: {@code app} or {@code example.com/app}. */
    public static List<String> qualifiedName(String value) {
        String form = pattern(
                "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
                        + " character",
                QUALIFIED,
                "MyName",
                "my.name",
                "123-abc");
        String[] parts = value.split("/", -1);
        if (parts.length > 2) {
            return List.of("a qualified name " + form
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        }
        List<String> wrong = new ArrayList<>();
        if (parts.length == 2) {
            wrong.addAll(prefixed("prefix part ", parts[0].isEmpty() ? EMPTY : subdomain(parts[0])));
        }
        String name = parts[parts.length - 1];
        if (name.isEmpty()) {
            wrong.add("name part must be non-empty");
        } else if (name.length() > LABEL_MAX) {
            wrong.add("name part " + tooLong(LABEL_MAX));
        }
        if (!QUALIFIED_PATTERN.matcher(name).matches()) {
            wrong.add("name part " + form);
        }
        return wrong;
    }

    private static final List<String> EMPTY = List.of("must be non-empty");

    private static List<String> prefixed(String prefix, List<String> details) {
        return details.stream().map(detail -> prefix + detail).toList();
    }

    public static List<String> labelValue(String value) {
        return named(
                value,
                LABEL_MAX,
                LABEL_VALUE_PATTERN,
                pattern(
                        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must"
                                + " start and end with an alphanumeric character",
                        LABEL_VALUE,
                        "MyValue",
                        "my_value",
                        "12345"));
    }

    /** A key of a ConfigMap or Secret, which is also a file name. */
    public static List<String> configKey(String value) {
        List<String> wrong = new ArrayList<>(named(
                value,
                SUBDOMAIN_MAX,
                CONFIG_KEY_PATTERN,
                pattern(
                        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
                        CONFIG_KEY,
                        "key.name",
                        "KEY_NAME",
                        "key-name")));
        if (value.equals(".")) {
            wrong.add("must not be '.'");
        } else if (value.equals("..")) {
            wrong.add("must not be '..'");
        } else if (value.startsWith("..")) {
            wrong.add("must not start with '..'");
        }
        return wrong;
    }

    public static List<String> environmentName(String value) {
        if (value.isEmpty()) {
            return List.of("environment variable name must be non-empty");
        }
        return ENVIRONMENT_PATTERN.matcher(value).matches()
                ? List.of()
                : List.of("a valid environment variable name must consist only of printable ASCII characters other than"
                        + " '='");
    }

    /** {@code X-Header-Name}. */
    static List<String> httpHeader(String value) {
        return HTTP_HEADER_PATTERN.matcher(value).matches()
                ? List.of()
                : List.of(pattern(
                        "a valid HTTP header must consist of alphanumeric characters or '-'",
                        HTTP_HEADER,
                        "X-Header-Name"));
    }

    /** {@code example.com/controller}: a domain and a path. */
    static List<String> domainPrefixedPath(String value) {
        int slash = value.indexOf('/');
        if (slash < 0 || slash == value.length() - 1) {
            return List.of("must be a domain-prefixed path (such as \"acme.io/foo\")");
        }
        List<String> wrong = new ArrayList<>(subdomain(value.substring(0, slash)));
        if (!HTTP_PATH_PATTERN.matcher(value.substring(slash + 1)).matches()) {
            wrong.add(pattern("must consist of valid HTTP path characters", HTTP_PATH));
        }
        return wrong;
    }

    public static List<String> portNumber(long value) {
        return value >= 1 && value <= 65535 ? List.of() : List.of("must be between 1 and 65535, inclusive");
    }

    /** The name of a container's port. */
    public static List<String> portName(String value) {
        List<String> wrong = new ArrayList<>();
        if (value.length() > PORT_NAME_MAX) {
            wrong.add(tooLong(PORT_NAME_MAX));
        }
        if (!value.matches("[-a-z0-9]+")) {
            wrong.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (value.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            wrong.add("must contain at least one letter (a-z)");
        }
        if (value.contains("--")) {
            wrong.add("must not contain consecutive hyphens");
        }
        if (value.startsWith("-") || value.endsWith("-")) {
            wrong.add("must not begin or end with a hyphen");
        }
        return wrong;
    }

    public static List<String> ip(String value) {
        return IpAddresses.isValid(value)
                ? List.of()
                : List.of("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    }

    /** {@code x7k2p}: what makes a prefix a name of its own. */
    public static String suffix(RandomGenerator random) {
        StringBuilder suffix = new StringBuilder(SUFFIX_LENGTH);
        for (int i = 0; i < SUFFIX_LENGTH; i++) {
            suffix.append(SUFFIX_LETTERS.charAt(random.nextInt(SUFFIX_LETTERS.length())));
        }
        return suffix.toString();
    }

    private static List<String> named(String value, int max, Pattern pattern, String form) {
        List<String> wrong = new ArrayList<>();
        if (value.length() > max) {
            wrong.add(tooLong(max));
        }
        if (!pattern.matcher(value).matches()) {
            wrong.add(form);
        }
        return wrong;
    }

    private static String tooLong(int max) {
        return "must be no more than " + max + " bytes";
    }

    /** The double spaces are in a real server's messages, too. */
    private static String pattern(String sentence, String regex, String... examples) {
        StringBuilder text = new StringBuilder(sentence).append(" (");
        for (int i = 0; i < examples.length; i++) {
            text.append(i == 0 ? "e.g. " : " or ")
                    .append('\'')
                    .append(examples[i])
                    .append("', ");
        }
        return text.append("regex used for validation is '")
                .append(regex)
                .append("')")
                .toString();
    }
}
