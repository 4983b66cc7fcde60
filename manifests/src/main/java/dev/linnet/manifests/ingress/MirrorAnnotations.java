package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Mirror;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where copies of requests go (spec of ingress-nginx, §4.3). */
final class MirrorAnnotations {
    private static final String TARGET = "mirror-target";
    private static final String HOST = "mirror-host";
    private static final String BODY = "mirror-request-body";
    private static final String URI = "$request_uri";

    private static final Pattern URL =
            Pattern.compile("http://(?<host>[A-Za-z0-9.-]{1,253})(:(?<port>[0-9]{1,5}))?(?<path>[^\\s]*)");
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~!&'()*+,;=:@%/-]*)?");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9.-]+(:[0-9]{1,5})?");

    private MirrorAnnotations() {}

    static Optional<Mirror> read(Annotations annotations) {
        Optional<String> target = annotations.text(TARGET);
        if (target.isEmpty()) {
            return Optional.empty();
        }
        Matcher url = URL.matcher(target.get());
        String path = url.matches() ? path(url.group("path")) : "";
        int port = url.matches() && url.group("port") != null ? Integer.parseInt(url.group("port")) : 80;
        if (!url.matches() || !PATH.matcher(path).matches() || port < 1 || port > 65_535) {
            annotations.bad(
                    TARGET,
                    "is \"" + target.get()
                            + "\" and nothing is copied (expected: http://host[:port], a path perhaps, and $request_uri at the end)");
            return Optional.empty();
        }
        String authority = url.group("host") + (url.group("port") == null ? "" : ":" + port);
        return Optional.of(new Mirror(
                url.group("host"), port, path, header(annotations, authority), annotations.onOff(BODY, true)));
    }

    /** What stands before the request's own target: that is always there, and begins with a slash. */
    private static String path(String written) {
        String path = written.endsWith(URI) ? written.substring(0, written.length() - URI.length()) : written;
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static String header(Annotations annotations, String usual) {
        Optional<String> host = annotations.text(HOST);
        if (host.isPresent() && !HEADER.matcher(host.get()).matches()) {
            annotations.bad(HOST, "is \"" + host.get() + "\" (expected: a host name, with or without a port)");
            return usual;
        }
        return host.orElse(usual);
    }
}
