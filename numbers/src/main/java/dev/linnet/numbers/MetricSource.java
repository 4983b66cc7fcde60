package dev.linnet.numbers;

/** Somebody who has numbers to show. */
@FunctionalInterface
public interface MetricSource {
    /** Writes whole families: {@link PrometheusPage#family}, then its samples. Any thread may call it, at any time. */
    void writeTo(PrometheusPage page);
}
