package dev.linnet.gateway.exchange;

import dev.linnet.numbers.Call;
import dev.linnet.numbers.Call.Peer;
import dev.linnet.numbers.Graph;
import dev.linnet.numbers.Recorder;
import dev.linnet.numbers.SeriesRecorder;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An event loop's counters of who called whom by one Service. Pods are told apart by identity: one that is another now is another object,
 * so the hot path compares no labels.
 */
final class Calls {
    private static final int MOST_PAIRS = 1024;
    private static final Peer GATEWAY =
            new Peer(Graph.Kind.EDGE, "linnet-system", "linnet-gateway", "linnet-gateway", "");
    private static final List<String> APPS =
            List.of("service.istio.io/canonical-name", "app.kubernetes.io/name", "app");
    private static final List<String> VERSIONS =
            List.of("service.istio.io/canonical-revision", "app.kubernetes.io/version", "version");

    private final Recorder recorder;
    private final ServiceRef service;
    private Map<Ends, SeriesRecorder> known = Map.of();

    /** Both ends, compared by identity. */
    private static final class Ends {
        private final Object from;
        private final Workload to;

        Ends(Object from, Workload to) {
            this.from = from;
            this.to = to;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // that is the point
        public boolean equals(Object other) {
            return other instanceof Ends ends && ends.from == from && ends.to == to;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(from) + System.identityHashCode(to);
        }
    }

    Calls(Recorder recorder, ServiceRef service) {
        this.recorder = recorder;
        this.service = service;
    }

    /** The counters of calls that came from outside of the cluster. The Pod is unknown if none was asked. */
    SeriesRecorder fromOutside(Workload pod) {
        return of(new Ends(GATEWAY, pod));
    }

    /** The counters of a caller's calls, who is who its address says. The Pod is unknown if none was asked. */
    SeriesRecorder by(Workload caller, Workload pod) {
        return of(new Ends(caller, pod));
    }

    private SeriesRecorder of(Ends ends) {
        SeriesRecorder counters = known.get(ends);
        if (counters == null) {
            if (known.isEmpty() || known.size() >= MOST_PAIRS) {
                known = new HashMap<>(); // at first, or because of Pods that are long gone
            }
            counters = recorder.of(call(ends));
            known.put(ends, counters);
        }
        return counters;
    }

    private Call call(Ends ends) {
        return new Call(
                ends.from instanceof Workload caller ? peer(caller, Peer.UNKNOWN) : GATEWAY,
                peer(ends.to, Peer.service(service.namespace(), service.name())),
                service.namespace(),
                service.name());
    }

    private static Peer peer(Workload workload, Peer otherwise) {
        return workload.isKnown()
                ? new Peer(
                        Graph.Kind.WORKLOAD,
                        workload.namespace(),
                        workload.name(),
                        first(APPS, workload, workload.name()),
                        first(VERSIONS, workload, ""))
                : otherwise;
    }

    private static String first(List<String> labels, Workload workload, String otherwise) {
        return labels.stream()
                .flatMap(label -> Stream.ofNullable(workload.labels().get(label)))
                .findFirst()
                .orElse(otherwise);
    }
}
