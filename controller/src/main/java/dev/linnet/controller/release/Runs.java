package dev.linnet.controller.release;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.controller.api.Run;
import dev.linnet.controller.api.RunRecord;
import dev.linnet.controller.workload.Writes;
import dev.linnet.rollout.run.Progress;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The Runs of a Canary: the last {@value #KEPT} are kept. */
final class Runs {
    private static final int KEPT = 20;

    private final World world;

    Runs(World world) {
        this.world = world;
    }

    /** What the latest one remembers. */
    RunRecord latest() {
        return all().stream()
                .max(Comparator.comparingInt(Runs::number))
                .map(run -> run.getStatus() == null ? RunRecord.NONE : RunRecord.read(run.getStatus()))
                .orElse(RunRecord.NONE);
    }

    private List<Run> all() {
        return world.client()
                .resources(Run.class)
                .inNamespace(world.canary().getMetadata().getNamespace())
                .withLabel(Run.CANARY, world.canary().getMetadata().getName())
                .list()
                .getItems();
    }

    private static int number(Run run) {
        return run.getSpec() == null ? 0 : run.getSpec().path("number").asInt();
    }

    /** Writes the record of its run down; a run that begins gets an object of its own. */
    void write(RunRecord record, Progress progress) {
        String name =
                world.canary().getMetadata().getName() + "-" + record.run().number();
        Run live = world.client()
                .resources(Run.class)
                .inNamespace(world.canary().getMetadata().getNamespace())
                .withName(name)
                .get();
        if (live == null) {
            live = world.client().resource(begin(name, record)).create();
            forgetOldest();
        }
        ObjectNode patch = Writes.nothing();
        patch.putObject("metadata").put("resourceVersion", live.getMetadata().getResourceVersion());
        ObjectNode status = patch.putObject("status");
        status.put("phase", progress.phase().toString());
        status.put("weight", progress.counters().weight());
        if (progress.phase().isRunning() || record.run().number() == 0) {
            // Later the Canary may have met other versions: this one is what the run was about.
            status.put("revision", progress.versions().applied().revision());
        }
        status.put("waitingFor", record.run().log().waitingFor().text());
        status.put("ending", record.run().ending().text());
        // As one text: a merge patch of an object would keep fields that are gone.
        status.put("record", record.text());
        record.story().write(status);
        world.client()
                .resource(live)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
    }

    private Run begin(String name, RunRecord record) {
        Run run = new Run();
        run.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(world.canary().getMetadata().getNamespace())
                .withLabels(Map.of(Run.CANARY, world.canary().getMetadata().getName()))
                .withOwnerReferences(world.owner())
                .build());
        ObjectNode spec = Writes.nothing();
        spec.put("canary", world.canary().getMetadata().getName());
        spec.put("number", record.run().number());
        ArrayNode images = spec.putArray("images");
        world.images().forEach(images::add);
        run.setSpec(spec);
        return run;
    }

    private void forgetOldest() {
        List<Run> all = all().stream()
                .sorted(Comparator.comparingInt(Runs::number).reversed())
                .toList();
        all.stream().skip(KEPT).forEach(old -> world.client().resource(old).delete());
    }
}
