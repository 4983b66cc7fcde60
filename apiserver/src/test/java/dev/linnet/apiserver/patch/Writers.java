package dev.linnet.apiserver.patch;

import static dev.linnet.apiserver.patch.TestSchema.yaml;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.schema.Schema;
import java.time.Instant;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** People and programs that write one Deployment, and what managedFields say of them afterwards. */
final class Writers {
    static final Schema DEPLOYMENT = TestSchema.named("Deployment");
    static final ObjectNode NOTHING = yaml("{}");
    static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop, labels: {app: web}}
            spec:
              replicas: 3
              template:
                spec:
                  containers:
                  - {name: app, image: 'app:1', ports: [{containerPort: 80}]}
            """;

    private Writers() {}

    static ObjectNode apply(ObjectNode live, String configuration, String manager) {
        return apply(live, configuration, manager, 0);
    }

    static ObjectNode apply(ObjectNode live, String configuration, String manager, long second) {
        return FieldOwnership.afterApply(live, yaml(configuration), DEPLOYMENT, false, writer(manager, second));
    }

    static ObjectNode force(ObjectNode live, String configuration, String manager) {
        return FieldOwnership.afterApply(live, yaml(configuration), DEPLOYMENT, true, writer(manager, 0));
    }

    static ObjectNode created(String object, String manager) {
        return FieldOwnership.afterUpdate(NOTHING, yaml(object), DEPLOYMENT, writer(manager, 0));
    }

    static ObjectNode update(ObjectNode before, Consumer<ObjectNode> change, String manager, long second) {
        ObjectNode after = before.deepCopy();
        change.accept(after);
        return FieldOwnership.afterUpdate(before, after, DEPLOYMENT, writer(manager, second));
    }

    static Writer writer(String manager, long second) {
        return new Writer(manager, "", "apps/v1", true, at(second));
    }

    static Instant at(long second) {
        return Instant.parse("2026-01-01T00:00:00.789Z").plusSeconds(second);
    }

    static ObjectNode container(ObjectNode deployment) {
        return (ObjectNode) deployment.at("/spec/template/spec/containers/0");
    }

    static ObjectNode entryOf(ObjectNode object, String manager) {
        return (ObjectNode) object.at("/metadata/managedFields")
                .valueStream()
                .filter(entry -> entry.path("manager").asText().equals(manager))
                .findFirst()
                .orElseThrow();
    }

    static JsonNode fieldsOf(ObjectNode object, String manager) {
        return entryOf(object, manager).path("fieldsV1");
    }

    static String managers(ObjectNode object) {
        return String.join(
                " ",
                object.at("/metadata/managedFields")
                        .valueStream()
                        .map(e -> e.path("manager").asText())
                        .toList());
    }

    static ThrowableAssert<ApiFailure> assertThatFailure(ThrowingCallable call) {
        return new ThrowableAssert<>(catchThrowableOfType(ApiFailure.class, call));
    }
}
