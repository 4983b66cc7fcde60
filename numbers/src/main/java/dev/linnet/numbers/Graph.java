package dev.linnet.numbers;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who called whom within a window, in the shape that {@code /linnet/v1/graph} serves. Graphs of several gateways add up: what an edge
 * shows beside its counts is worked out from them.
 *
 * @param gateway which gateway
 * @param at      the end of the window
 * @param window  how long it was: shorter than was asked for if the gateway has not counted for so long
 * @param nodes   versions of workloads, in a stable order
 * @param edges   calls between them
 */
public record Graph(String gateway, Instant at, Duration window, List<Node> nodes, List<Edge> edges) {
    /** Upper limits of the buckets of latencies in seconds, the same of all gateways. */
    public static final List<Double> LATENCY_LIMITS =
            Recorder.CALLS.of(Measure.REQUEST_DURATION).limits();

    public Graph {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }

    /** What a node is. */
    public enum Kind {
        /** The way in: whoever calls from outside of the cluster. */
        EDGE,
        WORKLOAD,
        /** A Service, where the call has reached none of its Pods. */
        SERVICE,
        /** A caller inside of the cluster of which nothing is known. */
        UNKNOWN;

        /** As it is spelled in JSON. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A version of a workload.
     *
     * @param id       unique in the graph, and the same in every graph: {@code workload:default/backend-v2@v2}
     * @param workload name of the Deployment or whatever runs the Pods; of the Service for {@link Kind#SERVICE}
     * @param app      the Pods' label {@code app}, or what stands for it; may be empty
     * @param version  the Pods' label {@code version}, or what stands for it; may be empty
     */
    public record Node(String id, Kind kind, String namespace, String workload, String app, String version) {}

    /**
     * Calls of one node to another by one Service.
     *
     * @param service  {@code default/backend}
     * @param requests that ended in the window
     * @param seconds  of the window
     * @param share    of the caller's requests to this Service that this edge has, 0 to 1
     * @param status   requests by status class: {@code 2xx} to {@code 5xx}
     * @param failures exchanges that did not end as they should, by kind
     * @param latency  durations of whole requests
     */
    public record Edge(
            String from,
            String to,
            String service,
            long requests,
            double seconds,
            double share,
            Map<String, Long> status,
            Map<String, Long> failures,
            Snapshot.Latency latency) {
        public Edge {
            status = new TreeMap<>(status);
            failures = new TreeMap<>(failures);
        }

        /** Requests a second. */
        public double rate() {
            return seconds > 0 ? requests / seconds : 0;
        }

        /** The part of the requests that was answered 5xx or not at all, 0 to 1. */
        public double errorRate() {
            long errors = status.getOrDefault("5xx", 0L) + status.getOrDefault("0xx", 0L);
            return requests == 0 ? 0 : (double) errors / requests;
        }

        /**
         * A duration that this part of the requests did not exceed, in seconds, as Prometheus would work it out of the same buckets.
         *
         * @param part 0 to 1
         * @return 0 if there were no requests
         */
        public double quantile(double part) {
            long all = latency.count().stream().mapToLong(Long::longValue).sum();
            double wanted = part * all;
            double below = 0;
            double lower = 0;
            for (int i = 0; i < latency.le().size(); i++) {
                long inBucket = latency.count().get(i);
                double upper = latency.le().get(i);
                if (inBucket > 0 && below + inBucket >= wanted) {
                    return lower + (upper - lower) * (wanted - below) / inBucket;
                }
                below += inBucket;
                lower = upper;
            }
            return all == 0 ? 0 : lower;
        }

        private List<String> identity() {
            return List.of(from, to, service);
        }

        /** Both together, between the nodes of this one and with its share. */
        public Edge plus(Edge other) {
            return new Edge(
                    from,
                    to,
                    service,
                    requests + other.requests,
                    Math.max(seconds, other.seconds),
                    share,
                    sum(status, other.status),
                    sum(failures, other.failures),
                    latency.plus(other.latency));
        }

        public Edge withShare(double other) {
            return new Edge(from, to, service, requests, seconds, other, status, failures, latency);
        }

        private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
            Map<String, Long> sum = new TreeMap<>(one);
            other.forEach((key, count) -> sum.merge(key, count, Long::sum));
            return sum;
        }
    }

    /** With each edge's share worked out, and nodes and edges in a stable order. Edges between the same nodes by the same Service become one. */
    public static Graph of(String gateway, Instant at, Duration window, List<Node> nodes, List<Edge> edges) {
        Map<String, Node> byId = new TreeMap<>();
        nodes.forEach(node -> byId.putIfAbsent(node.id(), node));
        Map<List<String>, Edge> merged = new LinkedHashMap<>();
        edges.forEach(edge -> merged.merge(edge.identity(), edge, Edge::plus));
        Map<List<String>, Long> sums = new LinkedHashMap<>();
        merged.values().forEach(edge -> sums.merge(List.of(edge.from(), edge.service()), edge.requests(), Long::sum));
        List<Edge> shared = merged.values().stream()
                .map(edge -> {
                    long sum = sums.getOrDefault(List.of(edge.from(), edge.service()), 0L);
                    return edge.withShare(sum == 0 ? 0 : (double) edge.requests() / sum);
                })
                .sorted(Comparator.comparing(edge -> String.join("\n", edge.identity())))
                .toList();
        return new Graph(gateway, at, window, List.copyOf(byId.values()), shared);
    }

    /** Both together, as if one gateway had seen it all. */
    public Graph plus(Graph other) {
        List<Node> allNodes = new ArrayList<>(nodes);
        allNodes.addAll(other.nodes);
        List<Edge> allEdges = new ArrayList<>(edges);
        allEdges.addAll(other.edges);
        return of(
                gateway.equals(other.gateway) ? gateway : gateway + "," + other.gateway,
                at.isAfter(other.at) ? at : other.at,
                window.compareTo(other.window) > 0 ? window : other.window,
                allNodes,
                allEdges);
    }
}
