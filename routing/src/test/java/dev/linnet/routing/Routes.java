package dev.linnet.routing;

import com.google.re2j.Pattern;
import dev.linnet.routing.CanarySelector.CookieRule;
import dev.linnet.routing.CanarySelector.HeaderRule;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.Rule.CanarySide;
import dev.linnet.routing.Rule.PathMatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The words in which these tests speak of rules and requests. */
final class Routes {
    static final ServiceRef PRIMARY = new ServiceRef("default", "web", "80");
    static final ServiceRef CANARY = new ServiceRef("default", "web-canary", "80");
    static final ServiceRef SECOND_CANARY = new ServiceRef("default", "web-next", "80");

    private Routes() {}

    static Rule prefix(String host, String path) {
        return rule(host, new PathMatch.Prefix(path));
    }

    static Rule exact(String host, String path) {
        return rule(host, new PathMatch.Exact(path));
    }

    static Rule regex(String host, String path) {
        return rule(host, PathMatch.Regex.of(path));
    }

    private static Rule rule(String host, PathMatch path) {
        String name = path.type() + " " + host + path.path();
        return new Rule(host, path, PRIMARY, List.of(), new ObjectRef("Ingress", "default", name), Rule.Limits.DEFAULT);
    }

    static Rule with(CanarySide... canaries) {
        Rule bare = prefix("", "/");
        return new Rule(bare.host(), bare.path(), bare.primary(), List.of(canaries), bare.source(), bare.limits());
    }

    static CanarySide canary(CanarySelector selector) {
        return canary(CANARY, selector);
    }

    static CanarySide canary(ServiceRef backend, CanarySelector selector) {
        return new CanarySide(backend, selector, new ObjectRef("Ingress", backend.namespace(), backend.name()));
    }

    /** The same, released together with others. */
    static CanarySide jointly(JointRelease release, CanarySide alone) {
        return new CanarySide(
                alone.backend(),
                alone.selector(),
                alone.source(),
                alone.balancing(),
                alone.sticky(),
                Optional.of(release));
    }

    static CanarySelector weight(int weight, int total) {
        return new CanarySelector(Optional.empty(), Optional.empty(), new Share(weight, total));
    }

    static CanarySelector header(HeaderRule rule) {
        return new CanarySelector(Optional.of(rule), Optional.empty(), Share.NONE);
    }

    static CanarySelector cookie(String name) {
        return new CanarySelector(Optional.empty(), Optional.of(name), Share.NONE);
    }

    static CanarySelector plus(CanarySelector selector, int weight) {
        return selector.withShare(new Share(weight, 100));
    }

    static CanarySelector plus(CanarySelector selector, String cookie) {
        return selector.withCookie(new CookieRule.AlwaysNever(cookie));
    }

    static HeaderRule named(String name) {
        return new HeaderRule.AlwaysNever(name);
    }

    static HeaderRule matching(String name, String pattern) {
        return new HeaderRule.Matches(name, Pattern.compile(pattern));
    }

    /** Headers as {@code Name: value}. */
    static TextRequest request(String url, String... headers) {
        return TextRequest.of(
                url,
                List.of(headers).stream()
                        .map(header -> header.split(":", 2))
                        .map(parts -> Map.entry(parts[0], parts[1].strip()))
                        .toList());
    }
}
