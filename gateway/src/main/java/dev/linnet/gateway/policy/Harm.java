package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.gateway.exchange.Workplace.Later;
import dev.linnet.routing.policy.Faults;
import dev.linnet.routing.policy.FixedAnswer;
import dev.linnet.routing.policy.GrpcStatus;

/** Harm done on purpose: some requests wait, some are answered instead (spec of Istio, §1.15). Drawn for each by itself. */
record Harm(Faults faults, Loop loop) implements Check {
    private static final String BODY = "fault filter abort";
    private static final String GRPC = "application/grpc";

    @Override
    public void visit(Visit visit) {
        boolean waits = faults.delay()
                .filter(delay -> loop.random().nextDouble() < delay.part())
                .isPresent();
        if (!waits) {
            abortOrPass(visit);
            return;
        }
        visit.hold();
        Later later = loop.workplace()
                .executeLater(() -> abortOrPass(visit), faults.delay().get().time());
        visit.whenAbandoned(later::callOff);
    }

    private void abortOrPass(Visit visit) {
        faults.abort()
                .filter(abort -> loop.random().nextDouble() < abort.part())
                .ifPresentOrElse(abort -> abort(visit, abort), visit::pass);
    }

    private static void abort(Visit visit, Faults.Abort abort) {
        if (isGrpc(visit.headAgain().headerText("content-type"))) {
            GrpcStatus status = abort.grpc().orElseGet(() -> GrpcStatus.ofHttp(abort.status()));
            String lines = "grpc-status: " + status.number() + "\r\ngrpc-message: " + BODY + "\r\n";
            visit.answer(new FixedAnswer(200, GRPC, ""), lines);
        } else {
            visit.answer(new FixedAnswer(abort.status(), BODY), "");
        }
    }

    /** Also {@code application/grpc+proto}, but not what browsers send, {@code application/grpc-web}. */
    private static boolean isGrpc(String type) {
        return type.equals(GRPC) || type.startsWith(GRPC + "+") || type.startsWith(GRPC + ";");
    }
}
