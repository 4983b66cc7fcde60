package dev.linnet.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells programs: one JSON object per line, {@code time} and {@code event} in each. */
final class JsonTeller implements Teller {
    private final ObjectMapper json = new ObjectMapper();
    private final PrintWriter out;
    private final InstantSource clock;

    JsonTeller(PrintWriter out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public void chapter(String title) {
        line("chapter", Map.of("title", title));
    }

    @Override
    public void event(String name, String sentence, Map<String, ?> facts) {
        Map<String, Object> all = new LinkedHashMap<>(facts);
        all.put("message", sentence);
        line(name, all);
    }

    @Override
    public void traffic(TrafficLine line) {
        // A program gets each step once, when it is over.
    }

    @Override
    public void step(TrafficLine line, boolean asExpected) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("weight", line.weight());
        facts.put("stable", line.stable());
        facts.put("canary", line.canary());
        facts.put("canaryShare", Summary.round(line.traffic().share(line.canary())));
        facts.put("asExpected", asExpected);
        facts.putAll(counts(line.traffic()));
        line("step", facts);
    }

    @Override
    public void summary(Summary summary) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("good", summary.good());
        facts.put("steps", summary.steps().stream().map(Summary.Step::facts).toList());
        facts.putAll(counts(summary.total()));
        facts.put("wronglyFailed", summary.wronglyFailed());
        facts.put("badVersion", summary.badVersion());
        facts.put("timeToRollBack", Summary.seconds(summary.timeToRollBack()));
        facts.put("harm", Summary.seconds(summary.harm()));
        facts.put("took", Summary.seconds(summary.took()));
        line("summary", facts);
    }

    private static Map<String, Object> counts(Tally tally) {
        Map<String, Object> versions = new LinkedHashMap<>();
        tally.versions()
                .forEach((version, count) -> versions.put(version, Map.of("ok", count.ok(), "failed", count.failed())));
        return Map.of("requests", versions, "lost", tally.lost());
    }

    private void line(String event, Map<String, ?> facts) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("time", Instant.ofEpochMilli(clock.millis()).toString());
        all.put("event", event);
        all.putAll(facts);
        try {
            out.println(json.writeValueAsString(all));
            out.flush();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("event " + event + " cannot be written as JSON", e);
        }
    }
}
