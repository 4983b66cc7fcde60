package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.RequestHead;
import dev.linnet.numbers.Recorder;
import dev.linnet.numbers.Series;
import dev.linnet.numbers.SeriesRecorder;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Side;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Which of an event loop's counters an exchange belongs to (spec of ingress-nginx, §6.1). */
public final class Numbers {
    private final Recorder recorder;
    private final boolean undefinedHosts;
    private final MissedCanaries missed;
    private final SeriesRecorder unrouted;

    /** @param undefinedHosts whether hosts that only a wildcard or nothing is for are told apart */
    public Numbers(Recorder recorder, boolean undefinedHosts, MissedCanaries missed) {
        this.recorder = recorder;
        this.missed = missed;
        this.undefinedHosts = undefinedHosts;
        this.unrouted = recorder.of(Series.UNROUTED);
    }

    void missed(Side canary) {
        missed.count(canary);
    }

    SeriesRecorder unrouted() {
        return unrouted;
    }

    SeriesRecorder unrouted(RequestHead head) {
        return undefinedHosts ? recorder.of(Series.unroutedOn(host(head))) : unrouted;
    }

    /** Calls by one Service. */
    Calls calls(ServiceRef service) {
        return new Calls(recorder, service);
    }

    SeriesRecorder of(Side side) {
        String canary = side.isCanary() ? side.backend().upstreamName() : "";
        return recorder.of(series(side.rule(), side.name(), side.backend(), canary));
    }

    /** Of a rule that answers by itself. */
    SeriesRecorder of(Rule rule) {
        return recorder.of(series(rule, "primary", rule.primary(), ""));
    }

    /** Of copies of a rule's requests. */
    SeriesRecorder ofCopies(Rule rule, ServiceRef mirror) {
        return recorder.of(series(rule, Series.MIRROR, mirror, ""));
    }

    /** The counters for the very host that was asked for, if that is what somebody wants to see. */
    SeriesRecorder of(RequestHead head, SeriesRecorder usual) {
        if (!undefinedHosts || usual.series().isForOneHost()) {
            return usual;
        }
        return recorder.of(usual.series().on(host(head)));
    }

    private static String host(RequestHead head) {
        return new String(
                        head.bytes(), head.hostStart(), head.hostEnd() - head.hostStart(), StandardCharsets.ISO_8859_1)
                .toLowerCase(Locale.ROOT);
    }

    private static Series series(Rule rule, String side, ServiceRef backend, String canary) {
        String path = rule.path().path();
        return new Series(
                rule.source().namespace() + "/" + rule.source().name() + " " + rule.host() + path,
                side,
                rule.source().namespace(),
                rule.source().name(),
                rule.primary().name(),
                backend.toString().intern(), // many routes lead there
                rule.host(),
                path,
                canary);
    }
}
