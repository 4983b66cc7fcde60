package dev.linnet.controller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.rollout.evidence.PersonAction;
import dev.linnet.rollout.step.Message;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What people ask about a Run later: {@code status.events}, {@code status.actions} and {@code status.checks}. Of each the last {@value #KEPT}
 * are kept.
 *
 * @param events  what happened, in order
 * @param actions what persons wanted, in order
 * @param checks  what was measured, in order
 */
public record RunStory(List<Event> events, List<Action> actions, List<Check> checks) {
    public static final RunStory EMPTY = new RunStory(List.of(), List.of(), List.of());

    private static final int KEPT = 50;

    public RunStory {
        events = List.copyOf(events);
        actions = List.copyOf(actions);
        checks = List.copyOf(checks);
    }

    /** What an Event said, or will say. */
    public record Event(Instant at, boolean warning, String message) {}

    /**
     * Who wanted what.
     *
     * @param verb    {@code promote} and the like
     * @param at      when it was said
     * @param refused why it was not done; empty if it was
     */
    public record Action(String verb, String by, Instant at, String refused) {}

    /**
     * What the metrics showed while the canary had its share.
     *
     * @param weight     its share in percent
     * @param iterations how many rounds of A/B testing or Blue/Green had begun
     */
    public record Check(Instant at, int weight, int iterations, List<Value> metrics) {
        public Check {
            metrics = List.copyOf(metrics);
        }
    }

    /**
     * One metric of a check.
     *
     * @param value   empty if it had none
     * @param verdict {@code pass}, {@code hold} or {@code fail}
     */
    public record Value(String name, OptionalDouble value, String verdict) {}

    /** With what is told now. */
    public RunStory plus(List<Message> messages, Instant now) {
        List<Event> more = new ArrayList<>(events);
        for (Message message : messages) {
            if (message instanceof Message.Event event) {
                more.add(new Event(now, event.warning(), event.text()));
            }
        }
        return new RunStory(last(more), actions, checks);
    }

    /** With what a person wanted. */
    public RunStory plus(PersonAction action, String refused) {
        List<Action> more = new ArrayList<>(actions);
        more.add(new Action(action.verb().word(), action.by(), action.at(), refused));
        return new RunStory(events, last(more), checks);
    }

    /** With what was measured. */
    public RunStory plus(Check check) {
        List<Check> more = new ArrayList<>(checks);
        more.add(check);
        return new RunStory(events, actions, last(more));
    }

    private static <T> List<T> last(List<T> all) {
        return all.subList(Math.max(0, all.size() - KEPT), all.size());
    }

    /** Reads the status of a Run; what cannot be read is left out. */
    public static RunStory read(JsonNode status) {
        List<Event> events = new ArrayList<>();
        for (JsonNode event : status.path("events")) {
            time(event)
                    .ifPresent(at -> events.add(new Event(
                            at,
                            event.path("type").asText().equals("Warning"),
                            event.path("message").asText())));
        }
        List<Action> actions = new ArrayList<>();
        for (JsonNode action : status.path("actions")) {
            time(action)
                    .ifPresent(at -> actions.add(new Action(
                            action.path("do").asText(),
                            action.path("by").asText(),
                            at,
                            action.path("refused").asText(""))));
        }
        List<Check> checks = new ArrayList<>();
        for (JsonNode check : status.path("checks")) {
            time(check)
                    .ifPresent(at -> checks.add(new Check(
                            at,
                            check.path("weight").asInt(),
                            check.path("iterations").asInt(),
                            values(check.path("metrics")))));
        }
        return new RunStory(events, actions, checks);
    }

    private static List<Value> values(JsonNode metrics) {
        List<Value> values = new ArrayList<>();
        for (JsonNode metric : metrics) {
            JsonNode value = metric.path("value");
            values.add(new Value(
                    metric.path("name").asText(""),
                    value.isNumber() ? OptionalDouble.of(value.asDouble()) : OptionalDouble.empty(),
                    metric.path("verdict").asText("")));
        }
        return values;
    }

    private static Optional<Instant> time(JsonNode entry) {
        try {
            return Optional.of(Instant.parse(entry.path("at").asText()));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Writes it into the status of a Run. */
    public void write(ObjectNode status) {
        ArrayNode happened = status.putArray("events");
        events.forEach(event -> happened.addObject()
                .put("at", event.at().toString())
                .put("type", event.warning() ? "Warning" : "Normal")
                .put("message", event.message()));
        ArrayNode wanted = status.putArray("actions");
        for (Action action : actions) {
            ObjectNode entry = wanted.addObject()
                    .put("do", action.verb())
                    .put("by", action.by())
                    .put("at", action.at().toString());
            if (!action.refused().isEmpty()) {
                entry.put("refused", action.refused());
            }
        }
        ArrayNode measured = status.putArray("checks");
        for (Check check : checks) {
            ObjectNode entry = measured.addObject()
                    .put("at", check.at().toString())
                    .put("weight", check.weight())
                    .put("iterations", check.iterations());
            ArrayNode metrics = entry.putArray("metrics");
            for (Value value : check.metrics()) {
                ObjectNode metric = metrics.addObject().put("name", value.name());
                value.value().ifPresent(number -> metric.put("value", number));
                metric.put("verdict", value.verdict());
            }
        }
    }
}
