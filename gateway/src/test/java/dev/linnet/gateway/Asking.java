package dev.linnet.gateway;

import dev.linnet.routing.policy.Access.Cache;
import dev.linnet.routing.policy.Access.Leave;
import dev.linnet.routing.policy.Access.Url;
import dev.linnet.routing.policy.CallerOptions.Line;
import dev.linnet.routing.policy.Template;
import java.util.List;
import java.util.Optional;

/** How somebody is asked for leave: plainly, but for what a test wants to be different. */
final class Asking {
    private Url url = new Url(false, template("oauth.auth.svc.cluster.local"), 4180, template("/check"));
    private String method = "GET";
    private Optional<Template> signIn = Optional.empty();
    private List<String> passedOn = List.of();
    private Optional<Template> redirect = Optional.empty();
    private boolean tellsUri;
    private List<Line> lines = List.of();
    private boolean alwaysCookies;
    private Optional<Cache> cache = Optional.empty();

    static Template template(String text) {
        return Template.parse(text).orElseThrow();
    }

    Asking at(Url other) {
        url = other;
        return this;
    }

    Asking by(String other) {
        method = other;
        return this;
    }

    Asking signIn(String there) {
        signIn = Optional.of(template(there));
        return this;
    }

    Asking passingOn(String... names) {
        passedOn = List.of(names);
        return this;
    }

    Asking redirect(String to) {
        redirect = Optional.of(template(to));
        return this;
    }

    Asking tellingUri() {
        tellsUri = true;
        return this;
    }

    Asking with(Line line) {
        lines = List.of(line);
        return this;
    }

    Asking alwaysCookies() {
        alwaysCookies = true;
        return this;
    }

    Asking cached(Cache other) {
        cache = Optional.of(other);
        return this;
    }

    Leave leave() {
        return new Leave(url, method, signIn, "rd", passedOn, redirect, tellsUri, lines, alwaysCookies, cache);
    }
}
