package dev.linnet.controller.release;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests that share a cluster; each plays in a scene of its own. What else there is to be in it, a class adds before all of its tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InReleaseCluster {
    @SuppressWarnings("NullAway.Init")
    ReleaseCluster cluster;

    @BeforeAll
    void startsTheCluster(@TempDir Path directory) throws IOException {
        cluster = ReleaseCluster.start(directory);
    }

    @AfterAll
    void stopsTheCluster() {
        cluster.close();
    }

    /** Until podinfo's first version serves as its primary. */
    static void initialize(Scene scene, String canary) {
        scene.applies(Manifests.APP);
        scene.pods().settle();
        scene.applies(canary);
        scene.untilPhase("Initialized");
    }

    /** Until nothing more is to be done or told about it. */
    static void initializeAndRest(Scene scene, String canary) {
        initialize(scene, canary);
        scene.passes(Duration.ofSeconds(5));
    }
}
