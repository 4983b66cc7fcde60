package dev.linnet.samples.openresty;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Understands so much of a Lua script as people write into small nginx configurations: {@code ngx.say} and {@code ngx.print}
 * of strings, numbers and {@code ngx.var.…}, {@code ngx.status}, {@code ngx.header} and {@code ngx.exit}.
 */
final class Lua {
    private static final String STRING = "\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\\n]|\\\\.)*'|\\[\\[.*?]]";
    private static final Pattern TOKEN = Pattern.compile(
            "(?<skip>\\s+|--\\[\\[.*?]]|--[^\\n]*)|(?<string>" + STRING
                    + ")|(?<number>\\d+(?:\\.\\d+)?)|(?<name>[A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*)|(?<sign>\\.\\.|[^\\s])",
            Pattern.DOTALL);

    private final Directive where;
    private final String pod;
    private final List<String> tokens;
    private final List<Text> said = new ArrayList<>();
    private final Map<String, Text> headers = new LinkedHashMap<>();
    private int status = 200;
    private int at;

    private Lua(String script, Directive where, String pod) {
        this.where = where;
        this.pod = pod;
        this.tokens = tokens(script);
    }

    /** @throws IllegalArgumentException naming the statement that this sample does not understand */
    static Answer read(String script, Directive where, String pod) {
        Lua lua = new Lua(script, where, pod);
        while (lua.at < lua.tokens.size()) {
            lua.statement();
        }
        return new Answer(lua.status, lua.headers, Text.joined(lua.said));
    }

    private void statement() {
        if (accept(";") || accept("return")) {
            return;
        }
        if (accept("local")) {
            at++;
            expect("=");
        }
        String name = next();
        switch (name) {
            case "ngx.say" -> {
                said.addAll(arguments());
                said.add(Text.literal("\n"));
            }
            case "ngx.print" -> said.addAll(arguments());
            case "ngx.exit" -> exit();
            case "ngx.status" -> {
                expect("=");
                status = number(next());
            }
            case "ngx.header" -> {
                expect("[");
                String header = unquoted(next());
                expect("]");
                expect("=");
                headers.put(header, expression());
            }
            default -> {
                if (!name.startsWith("ngx.header.")) {
                    throw notUnderstood(name);
                }
                expect("=");
                headers.put(name.substring("ngx.header.".length()).replace('_', '-'), expression());
            }
        }
    }

    private void exit() {
        expect("(");
        int code = number(next());
        expect(")");
        if (code != 200 && said.isEmpty()) {
            status = code;
        }
    }

    private List<Text> arguments() {
        expect("(");
        List<Text> arguments = new ArrayList<>();
        while (!accept(")")) {
            arguments.add(expression());
            accept(",");
        }
        return arguments;
    }

    private Text expression() {
        List<Text> parts = new ArrayList<>();
        do {
            String token = next();
            if (token.startsWith("ngx.var.")) {
                parts.add(Text.variable(token.substring("ngx.var.".length()), pod)
                        .orElseThrow(() -> notUnderstood(token)));
            } else if (isString(token)) {
                parts.add(Text.literal(unquoted(token)));
            } else {
                number(token);
                parts.add(Text.literal(token));
            }
        } while (accept(".."));
        return Text.joined(parts);
    }

    private int number(String token) {
        return switch (token) {
            case "ngx.HTTP_OK", "ngx.OK" -> 200;
            case "ngx.HTTP_FORBIDDEN" -> 403;
            case "ngx.HTTP_NOT_FOUND" -> 404;
            case "ngx.HTTP_INTERNAL_SERVER_ERROR", "ngx.ERROR" -> 500;
            case "ngx.HTTP_SERVICE_UNAVAILABLE" -> 503;
            case String digits when digits.matches("\\d{1,3}") -> Integer.parseInt(digits);
            default -> throw notUnderstood(token);
        };
    }

    private boolean accept(String token) {
        boolean found = at < tokens.size() && tokens.get(at).equals(token);
        at += found ? 1 : 0;
        return found;
    }

    private void expect(String token) {
        if (!accept(token)) {
            throw notUnderstood(at < tokens.size() ? tokens.get(at) : "its end");
        }
    }

    private String next() {
        if (at >= tokens.size()) {
            throw notUnderstood("its end");
        }
        return tokens.get(at++);
    }

    private IllegalArgumentException notUnderstood(String token) {
        return where.refused(
                "cannot be obeyed at " + token
                        + " (expected: ngx.say(\"text\"), ngx.print, ngx.status = 200, ngx.header[\"X\"] = \"y\" or ngx.exit(200))");
    }

    private static boolean isString(String token) {
        return token.startsWith("\"") || token.startsWith("'") || token.startsWith("[[");
    }

    private String unquoted(String token) {
        if (!isString(token)) {
            throw notUnderstood(token);
        }
        if (token.startsWith("[[")) {
            return token.substring(2, token.length() - 2);
        }
        return token.substring(1, token.length() - 1).translateEscapes();
    }

    private static List<String> tokens(String script) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(script);
        while (matcher.find()) {
            if (matcher.group("skip") == null) {
                tokens.add(matcher.group());
            }
        }
        return tokens;
    }
}
