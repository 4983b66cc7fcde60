package dev.linnet.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which of its names a CustomResourceDefinition gets. Within a group, each name belongs to the definition that had it first.
 *
 * @param names    those that it gets, as {@code status.acceptedNames} shows them
 * @param reason   of the condition NamesAccepted: {@code NoConflicts}, {@code KindConflict}…
 * @param message  of that condition
 */
record AcceptedNames(ObjectNode names, String reason, String message) {
    private static final String NO_CONFLICTS = "NoConflicts";

    boolean all() {
        return reason.equals(NO_CONFLICTS);
    }

    /** @param others all other definitions of the same group */
    static AcceptedNames of(ObjectNode definition, Collection<ObjectNode> others) {
        Set<String> resources = new HashSet<>();
        Set<String> kinds = new HashSet<>();
        for (ObjectNode other : others) {
            JsonNode taken = other.path("status").path("acceptedNames");
            resources.add(taken.path("plural").asText());
            resources.add(taken.path("singular").asText());
            taken.path("shortNames").forEach(name -> resources.add(name.asText()));
            kinds.add(taken.path("kind").asText());
            kinds.add(taken.path("listKind").asText());
        }
        return new Choice(definition, resources, kinds).made();
    }

    /** Keeps what the definition has, and takes of what it wants what nobody else has. */
    private static final class Choice {
        private final JsonNode wanted;
        private final JsonNode had;
        private final Set<String> resources;
        private final Set<String> kinds;
        private final ObjectNode names = Json.object();
        private String reason = NO_CONFLICTS;
        private String message = "no conflicts found";

        Choice(ObjectNode definition, Set<String> resources, Set<String> kinds) {
            this.wanted = definition.path("spec").path("names");
            this.had = definition.path("status").path("acceptedNames");
            this.resources = resources;
            this.kinds = kinds;
        }

        AcceptedNames made() {
            one("plural", resources, "PluralConflict");
            one("singular", resources, "SingularConflict");
            shortNames();
            one("kind", kinds, "KindConflict");
            one("listKind", kinds, "ListKindConflict");
            copy("categories", wanted);
            return new AcceptedNames(names, reason, message);
        }

        private void one(String field, Set<String> taken, String conflict) {
            String name = wanted.path(field).asText();
            if (name.equals(had.path(field).asText()) || !taken.contains(name)) {
                copy(field, wanted);
            } else {
                conflict(conflict, List.of(name));
                copy(field, had);
            }
        }

        private void shortNames() {
            Set<String> own = new HashSet<>();
            had.path("shortNames").forEach(name -> own.add(name.asText()));
            List<String> conflicts = new ArrayList<>();
            for (JsonNode name : wanted.path("shortNames")) {
                if (!own.contains(name.asText()) && resources.contains(name.asText())) {
                    conflicts.add(name.asText());
                }
            }
            if (!conflicts.isEmpty()) {
                conflict("ShortNamesConflict", conflicts);
            }
            copy("shortNames", conflicts.isEmpty() ? wanted : had);
        }

        private void copy(String field, JsonNode source) {
            if (source.hasNonNull(field)) {
                names.set(field, source.get(field).deepCopy());
            }
        }

        private void conflict(String why, List<String> conflicting) {
            reason = why;
            List<String> texts = conflicting.stream()
                    .map(name -> "\"" + name + "\" is already in use")
                    .toList();
            message = texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
        }
    }
}
