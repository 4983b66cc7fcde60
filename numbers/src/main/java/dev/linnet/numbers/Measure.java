package dev.linnet.numbers;

import java.util.ArrayList;
import java.util.List;

/** A histogram that is kept of requests, and where it lies in a row of counters: its buckets, then the sum. */
final class Measure {
    /** What the first counter of a row counts. */
    static final int REQUESTS = 0;

    private static final List<Measure> LAID_OUT = new ArrayList<>();

    static final Measure REQUEST_DURATION = time(
            "request_duration_seconds", "The request processing time in seconds, first byte read to last byte sent");
    static final Measure RESPONSE_DURATION =
            time("response_duration_seconds", "The time spent on receiving the response from the upstream server");
    static final Measure HEADER_DURATION =
            time("header_duration_seconds", "The time spent on receiving first header from the upstream server");
    static final Measure CONNECT_DURATION =
            time("connect_duration_seconds", "The time spent on establishing a connection with the upstream server");
    static final Measure REQUEST_SIZE = length(
            "request_size", "The request length (including request line, header, and request body)", Buckets.LENGTH);
    static final Measure RESPONSE_SIZE = length(
            "response_size", "The response length (including status line, header, and response body)", Buckets.LENGTH);
    static final Measure BYTES_SENT =
            length("bytes_sent", "DEPRECATED The number of bytes sent to a client", Buckets.SIZE);

    static final List<Measure> ALL = List.copyOf(LAID_OUT);

    /** Counters in a row. */
    static final int ROW = BYTES_SENT.sum() + 1;

    private final String metric;
    private final String help;
    private final Buckets buckets;
    private final int first;

    private Measure(String metric, String help, Buckets buckets, int first) {
        this.metric = metric;
        this.help = help;
        this.buckets = buckets;
        this.first = first;
    }

    private static Measure time(String metric, String help) {
        return length(metric, help, Buckets.TIME);
    }

    private static Measure length(String metric, String help, Buckets buckets) {
        int first = LAID_OUT.isEmpty() ? REQUESTS + 1 : LAID_OUT.getLast().sum() + 1;
        Measure measure = new Measure(metric, help, buckets, first);
        LAID_OUT.add(measure);
        return measure;
    }

    String metric() {
        return metric;
    }

    String help() {
        return help;
    }

    Buckets buckets() {
        return buckets;
    }

    int bucket(int index) {
        return first + index;
    }

    int sum() {
        return first + buckets.count();
    }
}
