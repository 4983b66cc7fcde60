package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.ResponseEdits;
import dev.linnet.routing.policy.GlobalPolicy;
import dev.linnet.routing.policy.GlobalPolicy.AnswerHeaders;

/** What every answer has or lacks, made ready once for each policy: all exchanges share it, and nobody else may write to it. */
final class StandingEdits {
    private static final String HSTS = "Strict-Transport-Security";

    private GlobalPolicy madeOf = GlobalPolicy.DEFAULT;
    private ResponseEdits plain = ResponseEdits.NONE;
    private ResponseEdits overTls = ResponseEdits.NONE;

    StandingEdits() {
        make(madeOf);
    }

    /** @param tls whether the client is told over TLS */
    ResponseEdits of(GlobalPolicy policy, boolean tls) {
        if (!policy.equals(madeOf)) {
            make(policy);
        }
        madeOf = policy; // also an equal one: comparing it with itself is quick
        return tls ? overTls : plain;
    }

    private void make(GlobalPolicy policy) {
        plain = edits(policy.headers());
        overTls = edits(policy.headers());
        if (policy.hsts().on()) {
            overTls.set(HSTS, policy.hsts().value());
        }
    }

    private static ResponseEdits edits(AnswerHeaders headers) {
        ResponseEdits edits = new ResponseEdits();
        headers.hidden().forEach(edits::drop);
        headers.added().forEach(line -> edits.set(line.name(), line.value()));
        return edits;
    }
}
