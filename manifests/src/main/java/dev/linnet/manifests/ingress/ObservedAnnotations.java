package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Observed;
import dev.linnet.routing.policy.Observed.Traced;
import dev.linnet.routing.policy.Template;
import java.util.Optional;

/** What is told of a route's requests (spec of ingress-nginx, §4.5). */
final class ObservedAnnotations {
    private static final String ACCESS_LOG = "enable-access-log";

    private ObservedAnnotations() {}

    static Observed read(Annotations annotations) {
        return new Observed(
                annotations.flag(ACCESS_LOG, true),
                new Traced(on(annotations), annotations.flag(TracingOptionsReader.TRUST), operation(annotations)));
    }

    private static Optional<Boolean> on(Annotations annotations) {
        Optional<Boolean> on = annotations.flag(TracingOptionsReader.ON);
        if (on.orElse(false)
                && annotations.options().gateway().tracing().collector().isEmpty()) {
            annotations.bad(TracingOptionsReader.ON, "has no effect: " + TracingOptionsReader.NO_COLLECTOR);
        }
        return on;
    }

    private static Optional<Template> operation(Annotations annotations) {
        String name = TracingOptionsReader.OPERATION;
        Optional<String> written = annotations.text(name);
        Optional<Template> operation = written.flatMap(TracingOptionsReader::operation);
        if (written.isPresent() && operation.isEmpty()) {
            annotations.bad(
                    name, "is \"" + written.get() + "\" (expected: " + TracingOptionsReader.OPERATION_EXPECTED + ")");
        }
        return operation;
    }
}
