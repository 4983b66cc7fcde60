package dev.linnet.gateway.policy;

import dev.linnet.gateway.aside.Names;
import dev.linnet.gateway.exchange.Check;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.exchange.Manner;
import dev.linnet.gateway.exchange.Manners;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.gateway.http.RequestEdits;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.http.Variables;
import dev.linnet.gateway.policy.Mirrored.Fate;
import dev.linnet.numbers.Failure;
import dev.linnet.numbers.Method;
import dev.linnet.numbers.Outcome;
import dev.linnet.numbers.SeriesRecorder;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Access.Url;
import dev.linnet.routing.policy.Mirror;
import dev.linnet.routing.policy.Mirror.Target;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;

/**
 * Sends copies of requests to a mirror, and lets every request pass at once. Tunnels are not copied. So many copies may be on their way at
 * a time; a mirror that hangs costs no more than that.
 */
final class MirrorCheck implements Check {
    /** On one event loop, for one mirror of one route. */
    static final int MOST_ON_THEIR_WAY = 256;

    private static final int NOBODY = 503;

    private final Mirror mirror;
    private final Rule rule;
    private final Loop loop;
    private final Destination destination;
    private final Mirrored counts;
    private final Optional<SeriesRecorder> recorder;
    private int onTheirWay;

    /** Where copies go, and what is kept for that. */
    private sealed interface Destination {
        record Service(ServiceRef ref, Manners manners) implements Destination {}

        record Address(Url url, Whereabouts whereabouts) implements Destination {}
    }

    MirrorCheck(Mirror mirror, Rule rule, Loop loop, Names names, Mirrored counts) {
        this.mirror = mirror;
        this.rule = rule;
        this.loop = loop;
        this.destination = switch (mirror.to()) {
            case Target.Backend(ServiceRef service) -> new Destination.Service(service, loop.manners(rule, service));
            case Target.Address(Url url) -> new Destination.Address(url, new Whereabouts(url, loop, names));
        };
        this.counts = counts;
        this.recorder = mirror.service().map(service -> loop.copies(rule, service));
    }

    @Override
    public void visit(Visit visit) {
        if (!visit.head().wantsUpgrade() && loop.random().nextInt(Mirror.ALL) < mirror.parts()) {
            if (onTheirWay < MOST_ON_THEIR_WAY) {
                copy(visit);
            } else {
                counts.count(Fate.CROWDED_OUT);
            }
        }
        visit.pass();
    }

    private void copy(Visit visit) {
        switch (destination) {
            case Destination.Service(ServiceRef service, Manners manners) -> copy(visit, service, manners);
            case Destination.Address(Url url, Whereabouts whereabouts) -> copy(visit, url, whereabouts);
        }
    }

    private void copy(Visit visit, ServiceRef service, Manners manners) {
        List<Endpoint> ready = loop.ready(service);
        Optional<Manner> manner =
                manners.now(loop.tls(), visit.caller().isTls(), visit.client().isHttp2());
        if (ready.isEmpty() || manner.isEmpty()) {
            RequestId.settle(visit); // whether a mirror is there shows in nothing that the backend gets
            count(Fate.FAILED, visit.head().method(), 0, loop.nanoTime());
            return;
        }
        MirroredRequest copy = begin(visit, edits(visit, variables(visit)));
        copy.sendTo(ready.get(loop.random().nextInt(ready.size())), manner.get());
    }

    private void copy(Visit visit, Url url, Whereabouts whereabouts) {
        Variables variables = variables(visit);
        Optional<String> host = whereabouts.host(variables);
        if (host.isEmpty()) {
            counts.count(Fate.FAILED);
            return;
        }
        RequestEdits edits = edits(visit, variables);
        edits.target(variables.fillUrl(url.path()));
        if (mirror.host().isEmpty()) {
            edits.host(whereabouts.hostAndPort(host.get()));
        }
        Manner manner = whereabouts.manner(host.get());
        MirroredRequest copy = begin(visit, edits);
        whereabouts.find(host.get(), () -> {}, found -> {
            found.ifPresentOrElse(endpoint -> copy.sendTo(endpoint, manner), copy::unaddressed);
        });
    }

    private Variables variables(Visit visit) {
        return new Variables(visit.head(), visit.caller(), rule.host());
    }

    private RequestEdits edits(Visit visit, Variables variables) {
        RequestId.settle(visit);
        RequestEdits edits = visit.requestEdits().copy();
        mirror.host().ifPresent(host -> edits.host(variables.fillLine(host)));
        if (!mirror.withBody()) {
            edits.drop("content-length");
            edits.drop("transfer-encoding");
        }
        return edits;
    }

    private MirroredRequest begin(Visit visit, RequestEdits edits) {
        RequestHead head = visit.head();
        Method method = head.method();
        ByteBuf bytes = visit.copyOfHead(edits);
        onTheirWay++;
        long started = loop.nanoTime();
        MirroredRequest copy = new MirroredRequest(loop, rule.limits(), method, bytes, (fate, status) -> {
            onTheirWay--;
            count(fate, method, status, started);
        });
        if (mirror.withBody()) {
            visit.copyBodyTo(copy);
        } else {
            copy.complete();
        }
        return copy;
    }

    /** What ends for the original's sake says nothing about the mirror. */
    private void count(Fate fate, Method method, int status, long started) {
        if (fate == Fate.ANSWERED || fate == Fate.FAILED) {
            recorder.ifPresent(copies -> copies.record(Outcome.withoutEndpoint(
                    method,
                    status == 0 ? NOBODY : status,
                    status == 0 ? Failure.CONNECT : Failure.NONE,
                    loop.nanoTime() - started,
                    Outcome.NOT_OBSERVED,
                    Outcome.NOT_OBSERVED)));
        }
        counts.count(fate);
    }
}
