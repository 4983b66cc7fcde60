package dev.linnet.routing.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text with values of a request in it, in nginx's spelling: {@code https://$host/start}. Nothing is computed: a variable is a word from
 * a fixed list.
 *
 * @param text  as the author wrote it
 * @param parts its pieces, in order
 */
public record Template(String text, List<Part> parts) {
    /** What nginx calls what we know of a request; beside these {@code http_<header>}, {@code cookie_<name>} and {@code arg_<name>}. */
    public static final Set<String> VARIABLES = Set.of(
            "host",
            "http_host",
            "best_http_host",
            "scheme",
            "pass_access_scheme",
            "request_uri",
            "escaped_request_uri",
            "uri",
            "args",
            "query_string",
            "is_args",
            "request_method",
            "remote_addr",
            "the_real_ip",
            "server_port",
            "pass_port",
            "pass_server_port",
            "server_name");

    private static final Pattern PREFIXED = Pattern.compile("(http|cookie|arg)_[a-z0-9_]+");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{([A-Za-z0-9_]+)}|([A-Za-z0-9_]+))");

    public Template {
        parts = List.copyOf(parts);
    }

    /** A piece. */
    public sealed interface Part {
        record Text(String text) implements Part {}

        /** One of {@link #VARIABLES}, or one with a prefix: {@code http_x_real_ip}. */
        record Variable(String name) implements Part {}
    }

    /** Empty if there is a variable that we do not know, or a character that cannot be in a URL or header. */
    public static Optional<Template> parse(String text) {
        return text.indexOf(' ') >= 0 ? Optional.empty() : parseWords(text, Set.of());
    }

    /**
     * The same for text that may have spaces in it.
     *
     * @param more variables that whoever fills it in knows besides
     */
    public static Optional<Template> parseWords(String text, Set<String> more) {
        if (!text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            return Optional.empty();
        }
        List<Part> parts = new ArrayList<>();
        Matcher matcher = VARIABLE.matcher(text);
        int at = 0;
        while (matcher.find()) {
            addText(parts, text.substring(at, matcher.start()));
            String name = Optional.ofNullable(matcher.group(1)).orElseGet(() -> matcher.group(2));
            if (!VARIABLES.contains(name)
                    && !more.contains(name)
                    && !PREFIXED.matcher(name).matches()) {
                return Optional.empty();
            }
            parts.add(new Part.Variable(name));
            at = matcher.end();
        }
        addText(parts, text.substring(at));
        boolean lone = parts.stream().anyMatch(part -> part instanceof Part.Text(String plain) && plain.contains("$"));
        return lone ? Optional.empty() : Optional.of(new Template(text, parts));
    }

    private static void addText(List<Part> parts, String text) {
        if (!text.isEmpty()) {
            parts.add(new Part.Text(text));
        }
    }

    /**
     * The text with all values in it.
     *
     * @param values of its variables, by their names
     */
    public String fill(UnaryOperator<String> values) {
        StringBuilder filled = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Text(String plain) -> filled.append(plain);
                case Part.Variable(String name) -> filled.append(values.apply(name));
            }
        }
        return filled.toString();
    }

    /** The text, if it is the same for all requests. */
    public boolean isFixed() {
        return parts.stream().allMatch(Part.Text.class::isInstance);
    }

    @Override
    public String toString() {
        return text;
    }
}
