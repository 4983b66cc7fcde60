package dev.linnet.controller.metrics.store;

import dev.linnet.rollout.judge.MetricValue;
import java.time.Duration;
import java.util.Optional;

/** Whom a metric is asked of. */
public interface MetricStore {

    /**
     * Asks once.
     *
     * @param lookback how far back the metric looks; zero if its author did not say
     * @return the number; else why there is none, in words that follow "Metric query failed for …: "
     */
    MetricValue ask(String query, Duration lookback) throws InterruptedException;

    /** Why it cannot be asked; empty if it can. */
    Optional<String> trouble() throws InterruptedException;
}
