package dev.linnet.controller.api;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.run.Run;
import dev.linnet.rollout.run.Version;
import dev.linnet.rollout.step.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a Run keeps in its status: all that a decision remembers and Flagger's status has no room for, and what is still to be told.
 *
 * @param run             where the run stands
 * @param promotedConfigs the configs that the primary was last given
 * @param pending         messages that were decided and may not have been told
 * @param story           for people, in fields of its own
 * @param shown           what the Canary's status was to show
 */
public record RunRecord(
        Run run, Map<String, String> promotedConfigs, List<Message> pending, RunStory story, Shown shown) {
    public static final RunRecord NONE = new RunRecord(Run.NONE, Map.of(), List.of(), RunStory.EMPTY, Shown.NOTHING);

    /**
     * Run and Canary cannot be written at once: a status that still shows what was before has not been written yet, and this is what it is
     * to show.
     *
     * @param before what the status showed when this was written
     * @param after  what it shows once it has been written too
     */
    public record Shown(Progress before, Progress after) {
        public static final Shown NOTHING = new Shown(Progress.NEW, Progress.NEW);

        public Shown {
            before = plain(before);
            after = plain(after);
        }

        /** Without what the record keeps elsewhere. */
        private static Progress plain(Progress progress) {
            return progress.withRun(Run.NONE).withLastTransition(Instant.EPOCH);
        }

        /** Whether that status was never written. */
        public boolean isAheadOf(Progress status) {
            return !after.showsTheSameAs(status) && before.showsTheSameAs(status);
        }
    }

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .visibility(PropertyAccessor.GETTER, Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
            .build();

    public RunRecord {
        promotedConfigs = Map.copyOf(promotedConfigs);
        pending = List.copyOf(pending);
    }

    /** Reads the status of a Run. */
    public static RunRecord read(JsonNode status) {
        RunRecord record = parse(status.path("record").asText(""));
        return new RunRecord(record.run, record.promotedConfigs, record.pending, RunStory.read(status), record.shown);
    }

    /** As JSON text, for the status of a Run; without the story. */
    public String text() {
        var root = JSON.createObjectNode();
        root.set("run", JSON.valueToTree(run));
        root.set("promotedConfigs", JSON.valueToTree(promotedConfigs));
        root.set("shown", JSON.valueToTree(shown));
        var messages = root.putArray("pending");
        for (Message message : pending) {
            String kind = message instanceof Message.Event ? "event" : "alert";
            messages.addObject().set(kind, JSON.valueToTree(message));
        }
        return root.toString();
    }

    /** Reads a {@link #text}; one that cannot be read is no record, and the release goes on with what its Canary's status says. */
    public static RunRecord parse(String text) {
        try {
            JsonNode root = JSON.readTree(text);
            if (!root.has("run")) {
                return NONE;
            }
            List<Message> pending = new ArrayList<>();
            for (JsonNode message : root.path("pending")) {
                pending.add(
                        message.has("event")
                                ? JSON.treeToValue(message.path("event"), Message.Event.class)
                                : JSON.treeToValue(message.path("alert"), Message.Alert.class));
            }
            Map<String, String> configs = new HashMap<>();
            root.path("promotedConfigs")
                    .properties()
                    .forEach(entry ->
                            configs.put(entry.getKey(), entry.getValue().asText()));
            Shown shown = root.has("shown") ? JSON.treeToValue(root.path("shown"), Shown.class) : Shown.NOTHING;
            return new RunRecord(
                    JSON.treeToValue(root.path("run"), Run.class), configs, pending, RunStory.EMPTY, shown);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return NONE;
        }
    }

    /** The same, with other messages still to be told. */
    public RunRecord withPending(List<Message> untold) {
        return new RunRecord(run, promotedConfigs, untold, story, shown);
    }

    /** The promoted version, whose configs only this record knows. */
    public Version promoted(Version ofStatus) {
        return new Version(ofStatus.revision(), promotedConfigs);
    }

    /** Whether both remember the same, whatever the Canary showed when they were written. */
    public boolean saysTheSameAs(RunRecord other) {
        return run.equals(other.run)
                && promotedConfigs.equals(other.promotedConfigs)
                && pending.equals(other.pending)
                && story.equals(other.story);
    }
}
