package dev.linnet.cli.rollouts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.cli.UserError;
import dev.linnet.controller.api.Canary;
import dev.linnet.controller.api.RunStory;
import dev.linnet.controller.release.PersonActions;
import dev.linnet.rollout.evidence.PersonAction.Verb;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReview;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** A person who acts on a rollout: writes the annotation with rights of his own, and waits for what the controller makes of it. */
final class Person {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(200);

    private final KubernetesClient client;
    private final RolloutReader reader;
    private final InstantSource clock;

    Person(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.reader = new RolloutReader(client);
        this.clock = clock;
    }

    /**
     * Says it, and hears what became of it.
     *
     * @return why it was refused; empty if it was obeyed
     */
    String act(Verb verb, String namespace, String name) throws InterruptedException {
        Canary canary = reader.canary(namespace, name);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        say(verb, canary, now);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            Optional<RunStory.Action> handled = handled(verb, canary, now);
            if (handled.isPresent()) {
                return handled.get().refused();
            }
            Thread.sleep(POLL);
        }
        throw new UserError("the controller has not answered within " + PATIENCE.toSeconds()
                + " s; what was asked for stands in the Canary's annotation " + PersonActions.ANNOTATION
                + " (expected: a running controller; see: kubectl -n linnet-system get pods)");
    }

    private void say(Verb verb, Canary canary, Instant now) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.withObject("/metadata/annotations").put(PersonActions.ANNOTATION, PersonActions.text(verb, who(), now));
        client.resource(canary).patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
    }

    /** The name that the API knows this person by; where it does not tell, before Kubernetes 1.28, that of the machine. */
    private String who() {
        try {
            return client.resource(new SelfSubjectReview())
                    .create()
                    .getStatus()
                    .getUserInfo()
                    .getUsername();
        } catch (KubernetesClientException e) {
            return System.getProperty("user.name");
        }
    }

    private Optional<RunStory.Action> handled(Verb verb, Canary canary, Instant at) {
        return reader
                .runs(canary.getMetadata().getNamespace(), canary.getMetadata().getName())
                .stream()
                .flatMap(run -> RunStory.read(RolloutReader.json(run.getStatus())).actions().stream())
                .filter(action -> action.at().equals(at) && action.verb().equals(verb.word()))
                .findFirst();
    }
}
