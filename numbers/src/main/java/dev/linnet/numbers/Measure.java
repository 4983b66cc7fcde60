package dev.linnet.numbers;

import java.util.List;

/** A histogram that is kept of requests (spec of ingress-nginx, §6.1). */
enum Measure {
    REQUEST_DURATION(
            Unit.TIME,
            "request_duration_seconds",
            "The request processing time in seconds, first byte read to last byte sent"),
    RESPONSE_DURATION(
            Unit.TIME,
            "response_duration_seconds",
            "The time spent on receiving the response from the upstream server"),
    HEADER_DURATION(
            Unit.TIME, "header_duration_seconds", "The time spent on receiving first header from the upstream server"),
    CONNECT_DURATION(
            Unit.TIME,
            "connect_duration_seconds",
            "The time spent on establishing a connection with the upstream server"),
    REQUEST_SIZE(Unit.LENGTH, "request_size", "The request length (including request line, header, and request body)"),
    RESPONSE_SIZE(
            Unit.LENGTH, "response_size", "The response length (including status line, header, and response body)"),
    BYTES_SENT(Unit.SIZE, "bytes_sent", "DEPRECATED The number of bytes sent to a client");

    private final Unit unit;
    private final String metric;
    private final String help;

    /** What is measured, and so which buckets there are. */
    enum Unit {
        /** Seconds, counted from nanoseconds. */
        TIME(1e9),
        LENGTH(1),
        SIZE(1);

        private final double raw;

        Unit(double raw) {
            this.raw = raw;
        }

        /** How many of what is recorded make one of what is shown. */
        double raw() {
            return raw;
        }

        List<Double> limits(BucketLimits limits) {
            return switch (this) {
                case TIME -> limits.time();
                case LENGTH -> limits.length();
                case SIZE -> limits.size();
            };
        }
    }

    Measure(Unit unit, String metric, String help) {
        this.unit = unit;
        this.metric = metric;
        this.help = help;
    }

    Unit unit() {
        return unit;
    }

    String metric() {
        return metric;
    }

    String help() {
        return help;
    }
}
