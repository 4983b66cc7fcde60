package dev.linnet.samples.openresty;

import dev.linnet.samples.serving.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A text that may depend on the request, through nginx's variables. */
@FunctionalInterface
interface Text {
    Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)\\}|(\\w+))");

    String of(Call call);

    static Text literal(String text) {
        return _ -> text;
    }

    static Text joined(List<Text> parts) {
        return call -> parts.stream().map(part -> part.of(call)).collect(Collectors.joining());
    }

    /** Empty for a variable that this sample does not know. */
    static Optional<Text> variable(String name, String pod) {
        return switch (name) {
            case "hostname" -> Optional.of(literal(pod));
            case "host" -> Optional.of(Call::host);
            case "uri", "document_uri" -> Optional.of(Call::path);
            case "request_uri" -> Optional.of(Call::target);
            case "request_method" -> Optional.of(Call::method);
            case String http
            when http.startsWith("http_") -> {
                String header = http.substring(5).replace('_', '-');
                yield Optional.of(call -> call.header(header).orElse(""));
            }
            case String arg
            when arg.startsWith("arg_") -> {
                String parameter = arg.substring(4).toLowerCase(Locale.ROOT);
                yield Optional.of(call -> call.query(parameter).orElse(""));
            }
            default -> Optional.empty();
        };
    }

    /** A text with variables in it, {@code "on $hostname"}. */
    static Text template(String template, String pod, Directive where) {
        List<Text> parts = new ArrayList<>();
        Matcher variables = VARIABLE.matcher(template);
        int end = 0;
        while (variables.find()) {
            parts.add(literal(template.substring(end, variables.start())));
            String name = Optional.ofNullable(variables.group(1)).orElseGet(() -> variables.group(2));
            parts.add(
                    variable(name, pod)
                            .orElseThrow(
                                    () -> where.refused(
                                            "uses $" + name
                                                    + " (expected: $hostname, $host, $uri, $request_uri, $request_method, $http_… or $arg_…)")));
            end = variables.end();
        }
        parts.add(literal(template.substring(end)));
        return joined(parts);
    }
}
