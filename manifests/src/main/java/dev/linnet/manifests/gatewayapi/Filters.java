package dev.linnet.manifests.gatewayapi;

import com.google.re2j.Pattern;
import dev.linnet.routing.policy.BackendTarget;
import dev.linnet.routing.policy.Cors;
import dev.linnet.routing.policy.HeadEdits;
import dev.linnet.routing.policy.Mirror;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Redirects;
import dev.linnet.routing.policy.Redirects.Elsewhere;
import dev.linnet.routing.policy.Relay;
import dev.linnet.routing.policy.Rewrite;
import dev.linnet.routing.policy.Rewrite.Piece;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What a rule does with its requests beside choosing where they go (spec §6.5.4).
 *
 * @param host for the backend
 * @param path for the backend
 */
record Filters(
        HeadEdits edits,
        Optional<Redirect> redirect,
        Optional<String> host,
        Optional<NewPath> path,
        List<Mirror> mirrors,
        Optional<Cors> cors) {
    static final Filters NONE = new Filters(
            HeadEdits.NONE, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty());

    Filters {
        mirrors = List.copyOf(mirrors);
    }

    /** Another URL that clients are sent to. */
    record Redirect(
            int status, Optional<String> scheme, Optional<String> host, OptionalInt port, Optional<NewPath> path) {}

    /** Another path. */
    sealed interface NewPath {
        record Full(String path) implements NewPath {}

        /** In place of what the rule's prefix has matched. */
        record Prefix(String path) implements NewPath {}
    }

    /** These, then those of a backend. */
    Filters with(Filters backend) {
        return new Filters(
                after(edits, backend.edits),
                redirect.or(() -> backend.redirect),
                backend.host.or(() -> host),
                backend.path.or(() -> path),
                Stream.concat(mirrors.stream(), backend.mirrors.stream()).toList(),
                cors.or(() -> backend.cors));
    }

    /** With its Host as one of the changes of heads, which backends of one rule may each make for themselves. */
    Filters withHostInHead() {
        return host.map(name -> new Filters(edits.withHost(name), redirect, Optional.empty(), path, mirrors, cors))
                .orElse(this);
    }

    /** The same but for what is changed in heads. */
    Filters withEdits(HeadEdits other) {
        return new Filters(other, redirect, host, path, mirrors, cors);
    }

    /** The first, then the last, as one. */
    static HeadEdits after(HeadEdits first, HeadEdits last) {
        return new HeadEdits(after(first.request(), last.request()), after(first.answer(), last.answer()));
    }

    private static HeadEdits.Lines after(HeadEdits.Lines first, HeadEdits.Lines last) {
        return first.without(last.drop()).without(last.replaced()).and(last);
    }

    /**
     * As the gateway does it for requests that this entry has matched.
     *
     * @param listening where clients find it, if that is not the usual port of their protocol
     */
    Policy policy(RouteMatch match, Relay relay, OptionalInt listening) {
        Policy policy = Policy.NONE
                .withEdits(edits)
                .withRelay(relay.withMirrors(mirrors).withCors(cors));
        if (redirect.isPresent()) {
            Redirect to = redirect.get();
            return policy.withRedirects(Redirects.NONE.withElsewhere(new Elsewhere.ToParts(
                    to.status, to.scheme, to.host, port(to, listening), to.path.map(other -> rewrite(other, match)))));
        }
        return path.isEmpty() && host.isEmpty()
                ? policy
                : policy.withTarget(new BackendTarget(path.map(other -> rewrite(other, match)), host));
    }

    /** Another scheme has its own usual port; the same is found where the client has found it. */
    private static OptionalInt port(Redirect to, OptionalInt listening) {
        if (to.port.isPresent()) {
            return to.port;
        }
        return to.scheme.isPresent() ? OptionalInt.of(0) : listening;
    }

    private static Rewrite rewrite(NewPath other, RouteMatch match) {
        return switch (other) {
            case NewPath.Full(String whole) -> Rewrite.whole(whole);
            case NewPath.Prefix(String replacement) -> {
                String matched = match.path() instanceof RouteMatch.Path.Prefix prefix ? prefix.elements() : "";
                String without =
                        replacement.endsWith("/") ? replacement.substring(0, replacement.length() - 1) : replacement;
                yield new Rewrite(
                        Pattern.compile("^" + Pattern.quote(matched) + "(/.*)?$", Pattern.DOTALL),
                        List.of(new Piece.Text(without), new Piece.Group(1)),
                        Optional.empty());
            }
        };
    }
}
