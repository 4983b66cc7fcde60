package dev.linnet.console.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.console.access.Person;
import dev.linnet.rollout.evidence.PersonAction.Verb;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;

/** What a person wants of a release: the annotation {@code linnet.dev/action} of its Canary, written with their own rights. */
public record Action(String namespace, String canary, Verb verb, Instant at) {
    private static final String ANNOTATION = "linnet.dev/action";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws KubernetesClientException when the API refuses, with its reason */
    public void write(Person person) {
        ObjectNode patch = JSON.createObjectNode();
        patch.putObject("metadata").putObject("annotations").put(ANNOTATION, text(person));
        person.client()
                .genericKubernetesResources(Releases.CANARIES)
                .inNamespace(namespace)
                .withName(canary)
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
    }

    private String text(Person person) {
        return JSON.createObjectNode()
                .put("do", verb.word())
                .put("by", person.name())
                .put("at", at.toString())
                .toString();
    }
}
