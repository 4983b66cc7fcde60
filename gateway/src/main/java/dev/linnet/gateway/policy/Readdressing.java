package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.gateway.http.RequestEdits;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.routing.policy.BackendTarget;
import dev.linnet.routing.policy.Rewrite;
import java.util.Arrays;

/** Asks the backend for something else than what the client asked for. The query stays. */
record Readdressing(BackendTarget target) implements Check {

    @Override
    public void visit(Visit visit) {
        RequestEdits edits = visit.requestEdits();
        target.path().ifPresent(rewrite -> rewrite(rewrite, visit.head(), edits));
        target.host().ifPresent(edits::host);
        visit.pass();
    }

    private static void rewrite(Rewrite rewrite, RequestHead head, RequestEdits edits) {
        byte[] path = Arrays.copyOfRange(head.bytes(), head.pathStart(), head.pathEnd());
        edits.target(rewrite.apply(path) + head.queryText());
        rewrite.forwardedPrefix().ifPresent(prefix -> edits.set("X-Forwarded-Prefix", prefix));
    }
}
