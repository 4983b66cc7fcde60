package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.RequestEdits;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.numbers.Failure;
import dev.linnet.numbers.Method;
import dev.linnet.routing.Route;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Side;
import java.util.Optional;

/**
 * Whoever answers instead of an error of one exchange, if its route wants that (spec of ingress-nginx, §3.9). What the client is shown
 * is its answer, but for 401 and 403: those stay, lest an error page that answers 200 lets somebody pass for whom it matters
 * (CVE-2026-24513).
 */
final class ErrorPage {
    private static final String[] DROPPED = {
        "authorization", // no error page needs it
        "content-length",
        "transfer-encoding",
        "content-type",
        "range",
        "if-range",
        "if-match",
        "if-none-match",
        "if-modified-since",
        "if-unmodified-since"
    };

    private final Route route;
    private final Optional<Side> page;
    private final HeldHead head;
    private Answer error = new Answer(0, Failure.NONE, "", "");
    private boolean asked;

    /** What would have been answered. */
    record Answer(int status, Failure failure, String reason, String headers) {}

    /** @param otherwise the gateway's default backend, if there is one */
    ErrorPage(Route route, Optional<Route> otherwise, HeldHead head) {
        this.route = route;
        this.page = route.instead().or(() -> otherwise.map(Route::primary));
        this.head = head;
    }

    /** Asks for it. False if the error is answered as it is. */
    boolean ask(Answer instead, ServiceRef failed, Loop loop, Forwarding forwarding) {
        if (asked || page.isEmpty() || !route.rule().policy().relay().errors().replaces(instead.status())) {
            return false;
        }
        RequestHead again = head.scanAgain(loop);
        if (!forwarding.attempts().chooseAnother(page.get(), loop.state(route).side(page.get()), again)) {
            return false;
        }
        asked = true;
        error = instead;
        forwarding.startInstead(again, edits(again, failed));
        return true;
    }

    private RequestEdits edits(RequestHead original, ServiceRef failed) {
        RequestEdits edits = new RequestEdits();
        if (original.method() != Method.HEAD) {
            edits.method("GET");
        }
        edits.target("/");
        for (String name : DROPPED) {
            edits.drop(name);
        }
        tell(edits, error.status(), original, route, failed);
        edits.set("X-Original-URI", original.targetText());
        return edits;
    }

    /** What a backend is told that answers instead of another one. */
    static void tell(RequestEdits edits, int status, RequestHead original, Route route, ServiceRef failed) {
        edits.set("X-Code", String.valueOf(status));
        edits.set("X-Format", original.headerText("accept"));
        edits.set("X-Namespace", route.rule().source().namespace());
        edits.set("X-Ingress-Name", route.rule().source().name());
        edits.set("X-Service-Name", failed.name());
        edits.set("X-Service-Port", failed.port());
    }

    boolean isAsked() {
        return asked;
    }

    Answer error() {
        return error;
    }

    /** The status that the client sees whatever the page says; 0 if that is the page's. */
    int keptStatus() {
        return asked && (error.status() == 401 || error.status() == 403) ? error.status() : 0;
    }
}
