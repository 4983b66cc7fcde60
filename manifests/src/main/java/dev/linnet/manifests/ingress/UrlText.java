package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Access.Url;
import dev.linnet.routing.policy.Template;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses in annotations, in which variables may stand. */
final class UrlText {
    static final String EXPECTED =
            "http:// or https://, a host, perhaps a path; of variables only those that say something of the request";

    private static final Pattern URL = Pattern.compile("(https?)://([A-Za-z0-9._${}-]+)(?::([0-9]{1,5}))?([/?][^#]*)?");

    private UrlText() {}

    /** Empty if it is none. */
    static Optional<Url> parse(String text) {
        Matcher matcher = URL.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean tls = matcher.group(1).equals("https");
        int port = Optional.ofNullable(matcher.group(3)).map(Integer::parseInt).orElse(tls ? 443 : 80);
        String behind = Optional.ofNullable(matcher.group(4)).orElse("/");
        Optional<Template> host = Template.parse(matcher.group(2));
        Optional<Template> path = Template.parse(behind.startsWith("/") ? behind : "/" + behind);
        return host.isEmpty() || path.isEmpty() || port < 1 || port > 65535
                ? Optional.empty()
                : Optional.of(new Url(tls, host.get(), port, path.get()));
    }
}
