package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Access.Url;
import dev.linnet.routing.policy.Mirror;
import dev.linnet.routing.policy.Template;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who gets copies of requests (spec of ingress-nginx, §4.8). A wrong value copies nothing and harms nobody. */
final class MirrorAnnotations {
    private static final String TARGET = "mirror-target";
    private static final String HOST = "mirror-host";
    private static final String SAME = "$request_uri";

    /** What people write for the path that was asked for: with a slash too many, or with none before the variable. */
    private static final Pattern SAME_PATH = Pattern.compile("/?\\$(request_uri|\\{request_uri})$");

    private static final Pattern NO_PATH = Pattern.compile("https?://[^/?$]+");

    private MirrorAnnotations() {}

    static List<Mirror> read(Annotations annotations) {
        Optional<String> target = annotations.text(TARGET);
        Optional<Url> url = target.flatMap(MirrorAnnotations::url);
        if (target.isPresent() && url.isEmpty()) {
            annotations.bad(
                    TARGET, "is \"" + target.get() + "\" (expected: " + UrlText.EXPECTED + "): no request is copied");
        }
        Optional<Template> host = host(annotations);
        boolean withBody = annotations.onOff("mirror-request-body", true);
        return url.map(to -> new Mirror(new Mirror.Target.Address(to), Mirror.ALL, host, withBody)).stream()
                .toList();
    }

    private static Optional<Url> url(String text) {
        String before = SAME_PATH.matcher(text).replaceFirst("");
        boolean samePath = !before.equals(text) || NO_PATH.matcher(text).matches();
        return UrlText.parse(before)
                .map(url -> samePath ? new Url(url.tls(), url.host(), url.port(), samePath(url)) : url);
    }

    private static Template samePath(Url url) {
        String before = url.path().text();
        return Template.parse((before.equals("/") ? "" : before) + SAME).orElseThrow();
    }

    private static Optional<Template> host(Annotations annotations) {
        Optional<String> value = annotations.text(HOST);
        Optional<Template> host = value.flatMap(Template::parse);
        if (value.isPresent() && host.isEmpty()) {
            annotations.bad(
                    HOST,
                    "is \"" + value.get() + "\" (expected: a host; of variables only those that say something of the"
                            + " request): copies have the target's");
        }
        return host;
    }
}
