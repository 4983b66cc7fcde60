package dev.linnet.machine.podproxy;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a request is to go.
 *
 * @param text as the caller spelled it
 * @param host in lower case; an IPv6 address without its brackets
 */
record Authority(String text, String host, int port) {
    private static final Pattern FORM = Pattern.compile("(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");

    /** @param usual port where none is named */
    static Authority parse(String text, int usual) throws Refusal {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            String digits = form.group(2);
            int port = digits == null ? usual : Integer.parseInt(digits);
            String host = form.group(1).toLowerCase(Locale.ROOT);
            if (port > 0 && port < 65_536) {
                return new Authority(text, host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
            }
        }
        throw new Refusal(400, "the host is not one (expected: name, or name:port)");
    }
}
