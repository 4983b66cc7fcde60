package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.controller.fetch.Recorder;
import dev.linnet.controller.release.FrontApi.Fault;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Releases of Knative Services, with the rights that {@code deploy/controller.yaml} gives and no others. At no moment between two writes are
 * other than 100 % of the requests dealt, or any to a revision that is not ready.
 */
final class KnativeTest extends InReleaseCluster {
    private static final boolean ALL = Boolean.getBoolean("linnet.all");
    private static final String METRICS = """
            metrics:
                - {name: request-success-rate, thresholdRange: {min: 99}, interval: 1m}
                - {name: request-duration, thresholdRange: {max: 500}, interval: 1m}
            """.stripTrailing();
    private static final String GOOD =
            "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1,\"100\"]}]}}";
    private static final String SLOW = GOOD.replace("\"100\"", "\"1000\"");

    @BeforeAll
    void definesMore() throws IOException {
        cluster.define(Files.readString(Path.of("src/test/resources/knative-crds.yaml")));
        cluster.grant(Files.readString(Path.of("../deploy/controller.yaml")));
    }

    private Scene scene() {
        Scene scene = cluster.scene();
        scene.front().letsIn("system:serviceaccount:linnet-system:linnet-controller");
        return scene;
    }

    private static SimulatedKnative initialized(Scene scene, String canary) {
        SimulatedKnative knative = scene.runsKnative();
        scene.applies(Manifests.KNATIVE_SERVICE, canary);
        scene.untilPhase("Initialized");
        return knative;
    }

    private static String measured(Recorder prometheus) {
        return Manifests.KNATIVE
                .replace("metrics: []", METRICS)
                .replace("provider: knative", "provider: knative\n  metricsServer: " + prometheus.address());
    }

    private static void nobodyLostARequest(SimulatedKnative knative) {
        assertThat(knative.lost()).isEmpty();
    }

    /** Flagger's own test: one version is promoted, one is taken back. */
    @Test
    void knativeCanary() throws IOException {
        try (Scene scene = scene();
                Recorder prometheus = Recorder.answering(200, GOOD)) {
            SimulatedKnative knative = initialized(scene, measured(prometheus));
            assertThat(knative.primary()).isEqualTo("podinfo-00001");
            assertThat(knative.traffic()).isEqualTo("latest 0, podinfo-00001 100");
            assertThat(scene.client()
                            .services()
                            .inNamespace(scene.namespace())
                            .list()
                            .getItems())
                    .as("nothing is made")
                    .isEmpty();
            assertThat(scene.client()
                            .apps()
                            .deployments()
                            .inNamespace(scene.namespace())
                            .list()
                            .getItems())
                    .isEmpty();

            knative.setsImage("podinfo:2");
            scene.until("weight 20", () -> scene.weight() == 20);
            assertThat(knative.traffic()).isEqualTo("latest 20, podinfo-00001 80");
            assertThat(knative.primary()).isEqualTo("podinfo-00001");
            scene.untilPhase("Succeeded");

            assertThat(knative.primary()).isEqualTo("podinfo-00002");
            assertThat(knative.traffic()).isEqualTo("latest 0, podinfo-00002 100");
            assertThat(knative.shares()).containsExactly(100, 0, 10, 20, 30, 40, 50, 0);
            assertThat(queries(prometheus))
                    .isNotEmpty()
                    .allSatisfy(query -> assertThat(query)
                            .contains("envoy_cluster_name=~\"" + scene.namespace() + "/podinfo-00002\""));
            assertThat(scene.runs().getLast().getSpec().path("images").path(0).asText())
                    .isEqualTo("podinfo:2");

            prometheus.answer(Recorder.fixed(200, SLOW));
            knative.setsImage("podinfo:3");
            scene.untilPhase("Progressing");
            scene.untilPhase("Failed");
            scene.until("everything is told", scene::isAllTold);

            assertThat(knative.primary()).isEqualTo("podinfo-00002");
            assertThat(knative.traffic()).isEqualTo("latest 0, podinfo-00002 100");
            assertThat(scene.events())
                    .contains(
                            "Halt podinfo." + scene.namespace() + " advancement request duration 1s > 500ms",
                            "Canary failed! Scaling down podinfo." + scene.namespace());
            nobodyLostARequest(knative);
        }
    }

    private static List<String> queries(Recorder prometheus) {
        return prometheus.asked().stream()
                .map(asked -> URLDecoder.decode(asked.url().getRawQuery(), StandardCharsets.UTF_8))
                .filter(query -> query.contains("envoy"))
                .toList();
    }

    @Test
    void saysThatOurGatewaysDoNotSeeItsRequests() {
        try (Scene scene = scene()) {
            SimulatedKnative knative = initialized(scene, Manifests.KNATIVE.replace("metrics: []", METRICS));
            String why = "no metrics server is configured (expected: -metrics-server, or spec.metricsServer, since"
                    + " Linnet's gateways do not see Knative's requests)";
            assertThat(scene.events()).contains("Error checking metric providers: prometheus not avaiable: " + why);

            knative.setsImage("podinfo:2");
            scene.untilPhase("Progressing");
            scene.untilPhase("Failed");

            assertThat(scene.events()).contains("Prometheus query failed: " + why);
        }
    }

    @Test
    void anotherRevisionRestartsTheRun() {
        try (Scene scene = scene()) {
            SimulatedKnative knative = initialized(scene, Manifests.KNATIVE);
            knative.setsImage("podinfo:2");
            scene.until("weight 30", () -> scene.weight() == 30);

            knative.setsImage("podinfo:3");
            scene.until("it begins anew", () -> scene.weight() == 0);
            assertThat(knative.traffic()).isEqualTo("latest 0, podinfo-00001 100");
            scene.untilPhase("Succeeded");

            assertThat(knative.primary()).isEqualTo("podinfo-00003");
            assertThat(scene.events())
                    .contains("New revision detected! Restarting analysis for podinfo." + scene.namespace());
            nobodyLostARequest(knative);
        }
    }

    @Test
    void aRevisionThatNeverBecomesReadyGetsNoRequests() {
        try (Scene scene = scene()) {
            SimulatedKnative knative = initialized(scene, Manifests.KNATIVE);

            knative.setsImage("podinfo:2-broken");
            scene.untilPhase("Progressing");
            scene.untilPhase("Failed");

            assertThat(knative.shares()).containsExactly(100, 0);
            assertThat(scene.events())
                    .contains(
                            "Knative Revision podinfo-00002." + scene.namespace()
                                    + " is not ready: Back-off pulling image",
                            "Knative Revision podinfo-00002." + scene.namespace()
                                    + " is not ready: exceeded its progressDeadlineSeconds: 60: Back-off pulling image");
            nobodyLostARequest(knative);
        }
    }

    @Test
    void aFirstRevisionThatIsNotReadyIsWaitedFor() {
        try (Scene scene = scene()) {
            SimulatedKnative knative = scene.runsKnative();
            scene.applies(Manifests.KNATIVE_SERVICE.replace("podinfo:1", "podinfo:1-broken"), Manifests.KNATIVE);
            scene.passes(Duration.ofSeconds(30));
            assertThat(scene.phase()).isEqualTo("Initializing");
            assertThat(knative.traffic()).isEqualTo("latest 100");

            knative.setsImage("podinfo:1");
            scene.untilPhase("Initialized");

            assertThat(knative.primary()).isEqualTo("podinfo-00002");
            assertThat(knative.traffic()).isEqualTo("latest 0, podinfo-00002 100");
        }
    }

    @Test
    void blueGreenSendsEverybodyThereAndBack() {
        try (Scene scene = scene()) {
            SimulatedKnative knative = initialized(
                    scene,
                    Manifests.KNATIVE.replace("maxWeight: 50", "iterations: 2").replace("    stepWeight: 10\n", ""));

            knative.setsImage("podinfo:2");
            scene.untilPhase("Progressing");
            scene.untilPhase("Succeeded");

            assertThat(knative.shares()).containsExactly(100, 0, 100, 0);
            assertThat(knative.primary()).isEqualTo("podinfo-00002");
            nobodyLostARequest(knative);
        }
    }

    @Test
    void theNextStepWaitsUntilKnativeHasFollowed() {
        try (Scene scene = scene()) {
            SimulatedKnative knative = initialized(scene, Manifests.KNATIVE);
            knative.setsImage("podinfo:2");
            scene.until("weight 10", () -> scene.weight() == 10);

            knative.stalls(true);
            scene.passes(Duration.ofSeconds(45));
            assertThat(scene.weight()).isEqualTo(10);
            assertThat(scene.events())
                    .contains("Knative Service podinfo." + scene.namespace()
                            + " does not route as its spec.traffic says: its condition RoutesReady is False: Ingress has"
                            + " not yet been reconciled");

            knative.stalls(false);
            scene.untilPhase("Succeeded");
            nobodyLostARequest(knative);
        }
    }

    @Test
    void knowsThePrimaryAlsoWithoutItsAnnotation() {
        try (Scene scene = scene()) {
            SimulatedKnative knative = initialized(scene, Manifests.KNATIVE);
            knative.setsImage("podinfo:2");
            scene.until("weight 20", () -> scene.weight() == 20);

            knative.annotates("flagger.app/primary-revision", "null");
            scene.until("the next step", () -> scene.weight() == 30);

            assertThat(knative.primary()).isEqualTo("podinfo-00001");
            assertThat(knative.traffic()).isEqualTo("latest 30, podinfo-00001 70");
            nobodyLostARequest(knative);
        }
    }

    @Test
    void takesTrafficBackThatSomebodyGivesWhileItRests() {
        try (Scene scene = scene()) {
            SimulatedKnative knative = initialized(scene, Manifests.KNATIVE);

            knative.setsTraffic("[{\"latestRevision\":true,\"percent\":100}]");
            scene.until("it is dealt as before", () -> knative.traffic().equals("latest 0, podinfo-00001 100"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leadsToWhatComesNextOnceItsCanaryHasGone(boolean reverts) {
        try (Scene scene = scene()) {
            SimulatedKnative knative = initialized(
                    scene, Manifests.KNATIVE.replace("progressDeadlineSeconds: 60", "revertOnDeletion: " + reverts));
            knative.setsImage("podinfo:2");
            scene.untilPhase("Succeeded");

            delete(scene);
            scene.until(
                    "it has gone and all is given back",
                    () -> scene.canary().isEmpty() && knative.primary().isEmpty());

            assertThat(knative.traffic()).isEqualTo("latest 100");
            nobodyLostARequest(knative);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsUsersOfWhatWasPromotedWhereItsCanaryGoesInARun(boolean reverts) {
        try (Scene scene = scene()) {
            SimulatedKnative knative = initialized(
                    scene, Manifests.KNATIVE.replace("progressDeadlineSeconds: 60", "revertOnDeletion: " + reverts));
            knative.setsImage("podinfo:2");
            scene.until("weight 20", () -> scene.weight() == 20);

            delete(scene);
            scene.until(
                    "it has gone and all is given back",
                    () -> scene.canary().isEmpty() && knative.primary().isEmpty());

            assertThat(knative.traffic()).isEqualTo("latest 0, podinfo-00001 100");
            nobodyLostARequest(knative);
        }
    }

    @Test
    void aBrokenRevisionHoldsNoDeletionUp() {
        try (Scene scene = scene()) {
            SimulatedKnative knative = initialized(
                    scene, Manifests.KNATIVE.replace("progressDeadlineSeconds: 60", "revertOnDeletion: true"));
            knative.setsImage("podinfo:2-broken");
            scene.untilPhase("Progressing");

            delete(scene);
            scene.until("it has gone", () -> scene.canary().isEmpty());

            assertThat(knative.primary()).isEmpty();
            assertThat(knative.traffic()).isEqualTo("latest 0, podinfo-00001 100");
        }
    }

    private static void delete(Scene scene) {
        scene.cached();
        scene.client().resource(scene.canary().orElseThrow()).delete();
        scene.wakes();
    }

    @Test
    void aNewCanaryBeginsWithTheNewestRevisionWhateverAnEarlierOneHasLeft() {
        try (Scene scene = scene()) {
            SimulatedKnative knative = scene.runsKnative();
            scene.applies(Manifests.KNATIVE_SERVICE);
            knative.settleDown();
            knative.setsImage("podinfo:2");
            knative.settleDown();
            knative.annotates("flagger.app/primary-revision", "\"podinfo-00001\"");

            scene.applies(Manifests.KNATIVE);
            scene.untilPhase("Initialized");

            assertThat(knative.primary()).isEqualTo("podinfo-00002");
            assertThat(knative.traffic()).isEqualTo("latest 0, podinfo-00002 100");
        }
    }

    @Test
    void takesOverFromFlaggerWithoutARun() {
        try (Scene scene = scene()) {
            SimulatedKnative knative = initialized(scene, Manifests.KNATIVE);
            scene.controllerIsReplaced();
            scene.runs().forEach(run -> scene.client().resource(run).delete());
            scene.client()
                    .resource(scene.canary().orElseThrow())
                    .subresource("status")
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"status\":{\"lastAppliedSpec\":\"5c7d8\",\"lastPromotedSpec\":\"5c7d8\"}}");
            knative.service().edit(service -> {
                service.getMetadata()
                        .setManagedFields(List.of(new ManagedFieldsEntryBuilder(
                                        service.getMetadata().getManagedFields().getFirst())
                                .withManager("flagger")
                                .build()));
                return service;
            });
            int events = scene.events().size();

            scene.passes(Duration.ofSeconds(30));

            assertThat(scene.phase()).isEqualTo("Initialized");
            assertThat(scene.status().path("lastAppliedSpec").asText()).startsWith("linnet-");
            assertThat(scene.events()).hasSize(events);
            assertThat(knative.service().require().getMetadata().getManagedFields())
                    .extracting(entry -> entry.getManager())
                    .doesNotContain("flagger");

            knative.setsImage("podinfo:2");
            scene.untilPhase("Progressing");
            scene.untilPhase("Succeeded");
            assertThat(knative.primary()).isEqualTo("podinfo-00002");
            nobodyLostARequest(knative);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"podinfo:2", "podinfo:2-broken"})
    void endsTheSameWhereverTheControllerDies(String image) {
        String undisturbed;
        int writes;
        try (Scene scene = scene()) {
            undisturbed = play(scene, image);
            writes = scene.front().writes().size();
        }
        List<String> wrong = new ArrayList<>();
        int apart = ALL ? 1 : 7;
        for (int last = 1 + Math.floorMod(image.hashCode(), apart); last <= writes; last += apart) {
            int death = last;
            try (Scene scene = scene()) {
                scene.front()
                        .fail(call ->
                                call.writes() && scene.front().writes().size() == death - 1 && scene.controllers() == 1
                                        ? new Fault.DoneThenCutOff()
                                        : Fault.NONE);
                String end = play(scene, image);
                if (!end.equals(undisturbed)) {
                    wrong.add("after write " + death + ":\n" + end);
                }
            }
        }
        assertThat(wrong).as("undisturbed it is\n%s", undisturbed).isEmpty();
    }

    private static String play(Scene scene, String image) {
        SimulatedKnative knative = initialized(
                scene, Manifests.KNATIVE.replace("progressDeadlineSeconds: 60", "progressDeadlineSeconds: 10"));
        knative.setsImage(image);
        scene.untilPhase("Progressing");
        String end = image.contains("broken") ? "Failed" : "Succeeded";
        scene.until(end, () -> scene.phase().equals(end));
        scene.until("everything is told", scene::isAllTold);
        scene.passes(Duration.ofSeconds(5));
        nobodyLostARequest(knative);
        // Whether it was seen before Knative had followed depends on the moment.
        String told = scene.end().replaceAll("event: .* does not route as its spec.traffic says: .*\n", "");
        return told + "\n" + knative.primary() + ": " + knative.traffic() + " " + knative.shares();
    }
}
