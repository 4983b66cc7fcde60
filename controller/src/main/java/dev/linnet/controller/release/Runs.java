package dev.linnet.controller.release;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.controller.api.Canary;
import dev.linnet.controller.api.Run;
import dev.linnet.controller.api.RunMetrics;
import dev.linnet.controller.api.RunRecord;
import dev.linnet.controller.workload.Changed;
import dev.linnet.controller.workload.Writes;
import dev.linnet.manifests.flagger.Ownership;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.step.Message;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The Runs of a Canary: the last {@value #KEPT} are kept. The latest one also says who acts: a controller writes its name there before anything
 * else, and acts for as long as nobody else has written there.
 */
final class Runs {
    private static final int KEPT = 20;

    private final KubernetesClient client;
    private final Canary canary;
    private final OwnerReference owner;
    private final Writer writer;

    /**
     * Who writes, and what is released.
     *
     * @param actor  this controller's name, which no other process has ever had
     * @param images what the target's containers run, for people
     */
    record Writer(String actor, Supplier<List<String>> images) {}

    Runs(KubernetesClient client, Canary canary, OwnerReference owner, Writer writer) {
        this.client = client;
        this.canary = canary;
        this.owner = owner;
        this.writer = writer;
    }

    /** The latest one that remembers anything: one without a record was begun by a controller that got no further. */
    LatestRun latest() {
        List<Run> all = all();
        Comparator<Run> byNumber = Comparator.comparingInt(Runs::number);
        return all.stream()
                .filter(run -> !record(run).equals(RunRecord.NONE))
                .max(byNumber)
                .or(() -> all.stream().min(byNumber))
                .map(run -> latest(run, record(run)))
                .orElse(LatestRun.NONE);
    }

    private LatestRun latest(Run run, RunRecord record) {
        boolean ours = run.getStatus() != null
                && writer.actor().equals(run.getStatus().path("actor").asText(""));
        ObjectMeta meta = run.getMetadata();
        return new LatestRun(
                record, meta.getName(), meta.getResourceVersion(), Instant.parse(meta.getCreationTimestamp()), ours);
    }

    private static RunRecord record(Run run) {
        return run.getStatus() == null ? RunRecord.NONE : RunRecord.read(run.getStatus());
    }

    private List<Run> all() {
        return client
                .resources(Run.class)
                .inNamespace(canary.getMetadata().getNamespace())
                .withLabel(Run.CANARY, canary.getMetadata().getName())
                .list()
                .getItems()
                .stream()
                // Those of an earlier Canary of this name are about to go.
                .filter(run -> Ownership.controls(owner, run))
                .toList();
    }

    private static int number(Run run) {
        return run.getSpec() == null ? 0 : run.getSpec().path("number").asInt();
    }

    private Optional<Run> live(String name) {
        return Optional.ofNullable(client.resources(Run.class)
                .inNamespace(canary.getMetadata().getNamespace())
                .withName(name)
                .get());
    }

    /** Makes this controller the one that acts. */
    LatestRun claim(LatestRun latest) throws Changed {
        ObjectNode status = Writes.nothing();
        status.put("actor", writer.actor());
        if (latest.exists()) {
            return latest(patch(known(latest), status), latest.record());
        }
        return latest(patch(create(begin(nameOf(0), 0)), status), RunRecord.NONE);
    }

    /** @throws Changed if somebody else has written the Run since */
    void check(LatestRun latest) throws Changed {
        if (!latest.ours()) {
            throw new Changed("this controller does not act for "
                    + nameOf(latest.record().run().number()));
        }
        boolean same = live(latest.name())
                .filter(run -> run.getMetadata().getResourceVersion().equals(latest.version()))
                .isPresent();
        if (!same) {
            throw new Changed("Run " + latest.name() + " was changed by somebody else");
        }
    }

    /**
     * Writes the record of its run down; a run that begins gets an object of its own.
     *
     * @param measured takes the place of what was measured before
     */
    LatestRun write(RunRecord record, Progress progress, Optional<RunMetrics> measured, LatestRun latest)
            throws Changed {
        String name = nameOf(record.run().number());
        Run run;
        if (name.equals(latest.name())) {
            run = known(latest);
        } else {
            check(latest);
            run = next(name, record.run().number());
        }
        ObjectNode status = status(record, progress);
        measured.ifPresent(metrics -> metrics.write(status));
        LatestRun written = latest(patch(run, status), record);
        if (!name.equals(latest.name())) {
            forgetOldest();
        }
        return written;
    }

    /**
     * Writes down what is still to be told, and nothing else.
     *
     * @throws Changed if somebody else has written the Run since
     */
    LatestRun tickOff(LatestRun latest, List<Message> untold) throws Changed {
        RunRecord record = latest.record().withPending(untold);
        return latest(patch(known(latest), Writes.nothing().put("record", record.text())), record);
    }

    private ObjectNode status(RunRecord record, Progress progress) {
        ObjectNode status = Writes.nothing();
        status.put("phase", progress.phase().toString());
        status.put("weight", progress.counters().weight());
        if (progress.phase().isRunning() || record.run().number() == 0) {
            // Later the Canary may have met other versions: this one is what the run was about.
            status.put("revision", progress.versions().applied().revision());
        }
        status.put("waitingFor", record.run().log().waitingFor().text());
        status.put("ending", record.run().ending().text());
        status.put("actor", writer.actor());
        // As one text: a merge patch of an object would keep fields that are gone.
        status.put("record", record.text());
        record.story().write(status);
        return status;
    }

    /** One that another controller began and left without a record is as good as a new one. */
    private Run next(String name, int number) throws Changed {
        Optional<Run> live = live(name);
        if (live.isEmpty()) {
            return create(begin(name, number));
        }
        if (!record(live.get()).equals(RunRecord.NONE)) {
            throw new Changed("Run " + name + " was written by somebody else");
        }
        return live.get();
    }

    private Run create(Run run) throws Changed {
        try {
            return client.resource(run).create();
        } catch (KubernetesClientException e) {
            throw Writes.conflict(e, run);
        }
    }

    private Run patch(Run run, ObjectNode status) throws Changed {
        ObjectNode patch = Writes.nothing();
        patch.putObject("metadata").put("resourceVersion", run.getMetadata().getResourceVersion());
        patch.set("status", status);
        try {
            return client.resource(run)
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
        } catch (KubernetesClientException e) {
            throw Writes.conflict(e, run);
        }
    }

    private String nameOf(int number) {
        return canary.getMetadata().getName() + "-" + number;
    }

    /** For a patch that must meet the version that is known. */
    private Run known(LatestRun latest) {
        Run run = named(latest.name());
        run.getMetadata().setResourceVersion(latest.version());
        return run;
    }

    private Run named(String name) {
        Run run = new Run();
        run.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(canary.getMetadata().getNamespace())
                .build());
        return run;
    }

    private Run begin(String name, int number) {
        Run run = named(name);
        run.setMetadata(new ObjectMetaBuilder(run.getMetadata())
                .withLabels(Map.of(Run.CANARY, canary.getMetadata().getName()))
                .withOwnerReferences(owner)
                .build());
        ObjectNode spec = Writes.nothing();
        spec.put("canary", canary.getMetadata().getName());
        spec.put("number", number);
        ArrayNode images = spec.putArray("images");
        writer.images().get().forEach(images::add);
        run.setSpec(spec);
        return run;
    }

    private void forgetOldest() {
        List<Run> all = all().stream()
                .sorted(Comparator.comparingInt(Runs::number).reversed())
                .toList();
        all.stream().skip(KEPT).forEach(old -> client.resource(old).delete());
    }
}
