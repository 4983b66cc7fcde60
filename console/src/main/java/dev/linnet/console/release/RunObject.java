package dev.linnet.console.release;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Wait;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A Run as it is stored: one release, of the past or under way.
 *
 * @param name    of the object
 * @param canary  whose release it is
 * @param number  1 for the first
 * @param began   when it began
 * @param changed when something was last written about it
 * @param status  {@code .status} of the object
 * @param record  what the controller remembers in it, {@code .status.record}
 */
public record RunObject(
        String namespace,
        String name,
        String canary,
        int number,
        Instant began,
        Instant changed,
        JsonNode status,
        JsonNode record) {

    public Phase phase() {
        return phase(status.path("phase").asText(""));
    }

    /** Whether it belongs to the past. */
    public boolean isOver() {
        return !phase().isRunning() && phase() != Phase.NEW;
    }

    /** Why it ended without promotion; empty if it did not. */
    public String ending() {
        return status.path("ending").asText("");
    }

    public int weight() {
        return status.path("weight").asInt();
    }

    public String revision() {
        return status.path("revision").asText("");
    }

    /** What the last check made of a metric; empty if it was not asked yet. */
    public Optional<Judged> judged(String metric) {
        for (JsonNode measured : status.path("metrics")) {
            if (measured.path("name").asText("").equals(metric)) {
                return Optional.of(new Judged(
                        measured.path("value").isNumber()
                                ? OptionalDouble.of(measured.path("value").asDouble())
                                : OptionalDouble.empty(),
                        measured.path("verdict").asText(""),
                        measured.path("why").asText("")));
            }
        }
        return Optional.empty();
    }

    /**
     * What a check has made of a metric.
     *
     * @param value   that it showed, if any
     * @param verdict {@code pass}, {@code hold} or {@code fail}
     * @param why     it does not pass; empty if it does
     */
    public record Judged(OptionalDouble value, String verdict, String why) {}

    boolean paused() {
        return record.at("/run/orders/paused").asBoolean();
    }

    /** Which failed release still serves from its canary: {@code NONE}, {@code PROMOTION} or {@code ROLLBACK}. */
    String hold() {
        return record.at("/run/hold").asText("NONE");
    }

    /** When the present step began; {@link Instant#EPOCH} if nobody knows. */
    Instant stepSince() {
        return instant(record.at("/run/clock/since").asText(""));
    }

    Wait waiting() {
        JsonNode wait = record.at("/run/log/waitingFor");
        Wait.What what = Arrays.stream(Wait.What.values())
                .filter(value -> value.name().equals(wait.path("what").asText("")))
                .findFirst()
                .orElse(Wait.What.NOTHING);
        return new Wait(
                what, wait.path("text").asText(""), instant(wait.path("since").asText("")));
    }

    static Phase phase(String word) {
        return Phase.named(word).orElse(Phase.NEW);
    }

    static Instant instant(String text) {
        try {
            return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeException _) {
            return Instant.EPOCH;
        }
    }
}
