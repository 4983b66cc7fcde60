package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Who owns which fields of one object: metadata.managedFields. Immutable; owners of nothing are left out. */
final class ManagedFields {
    static final ManagedFields NONE = new ManagedFields(Map.of());

    /** As on a real server: without a limit, every client name that ever wrote would stay. */
    private static final int MAX_UPDATERS = 10;

    private static final String OLD_UPDATERS = "ancient-changes";

    private final Map<Owner, Claim> claims;

    private ManagedFields(Map<Owner, Claim> claims) {
        this.claims = claims;
    }

    /** @throws IllegalArgumentException where an entry is malformed */
    static ManagedFields parse(JsonNode entries) {
        Map<Owner, Claim> claims = new LinkedHashMap<>();
        for (JsonNode entry : entries) {
            String operation = entry.path("operation").asText();
            String apiVersion = entry.path("apiVersion").asText();
            boolean applies = operation.equals("Apply");
            require(applies || operation.equals("Update"), "operation must be `Apply` or `Update`");
            require(!apiVersion.isEmpty(), "apiVersion must not be empty");
            require(entry.path("fieldsType").asText().equals("FieldsV1"), "fieldsType must be FieldsV1");
            Owner owner = new Owner(
                    entry.path("manager").asText(),
                    applies,
                    applies ? "" : apiVersion,
                    entry.path("subresource").asText());
            FieldSet fields =
                    entry.path("fieldsV1").isObject() ? FieldSet.parse(entry.path("fieldsV1")) : FieldSet.EMPTY;
            claims.put(owner, new Claim(apiVersion, parsedTime(entry.path("time")), fields));
        }
        return of(claims);
    }

    ArrayNode toJson() {
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        claims.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Owner, Claim> entry) ->
                                !entry.getKey().applies())
                        .thenComparing(entry -> entry.getValue().time())
                        .thenComparing(Map.Entry::getKey, Owner.BY_NAME))
                .forEach(entry -> entries.add(entry(entry.getKey(), entry.getValue())));
        return entries;
    }

    boolean isEmpty() {
        return claims.isEmpty();
    }

    /** What an owner owns; nothing for a stranger. */
    FieldSet fields(Owner owner) {
        Claim claim = claims.get(owner);
        return claim == null ? FieldSet.EMPTY : claim.fields();
    }

    /** Time of an owner's last write; empty for a stranger. */
    String time(Owner owner) {
        Claim claim = claims.get(owner);
        return claim == null ? "" : claim.time();
    }

    /** All fields that anybody owns. */
    FieldSet all() {
        return claims.values().stream().map(Claim::fields).reduce(FieldSet.EMPTY, FieldSet::plus);
    }

    ManagedFields with(Owner owner, Claim claim) {
        Map<Owner, Claim> result = new LinkedHashMap<>(claims);
        result.put(owner, claim);
        return of(result);
    }

    /** What the others own of {@code fields}, by owner in the order in which messages name them. */
    Map<Owner, FieldSet> ownedByOthers(Owner self, FieldSet fields) {
        Map<Owner, FieldSet> owned = new LinkedHashMap<>();
        claims.keySet().stream()
                .filter(owner -> !owner.equals(self))
                .sorted(Owner.BY_NAME)
                .forEach(owner -> owned.put(owner, fields(owner).and(fields)));
        owned.values().removeIf(FieldSet::isEmpty);
        return owned;
    }

    /** Everybody loses {@code fields}. */
    ManagedFields without(FieldSet fields) {
        return map((_, claim) -> claim.with(claim.fields().minus(fields)));
    }

    /** Everybody but {@code self} loses {@code fields}. */
    ManagedFields othersWithout(Owner self, FieldSet fields) {
        return map((owner, claim) ->
                owner.equals(self) ? claim : claim.with(claim.fields().minus(fields)));
    }

    /** Joins the oldest updaters of each version into one entry, so that no more than ten entries are of updaters. */
    ManagedFields capped() {
        List<Owner> updaters = claims.keySet().stream()
                .filter(owner -> !owner.applies())
                .sorted(Comparator.comparing((Owner owner) -> time(owner)).thenComparing(Owner.BY_NAME))
                .toList();
        int excess = updaters.size() - MAX_UPDATERS;
        ManagedFields result = this;
        Map<String, Owner> oldest = new HashMap<>();
        for (Owner owner : updaters) {
            if (excess <= 0) {
                break;
            }
            Owner first = oldest.putIfAbsent(owner.apiVersion(), owner);
            if (first != null) {
                Owner joined = new Owner(OLD_UPDATERS, false, owner.apiVersion(), "");
                result = result.joined(first, owner, joined);
                oldest.put(owner.apiVersion(), joined);
                excess--;
            }
        }
        return result;
    }

    /** The later of two owners gives the time. */
    private ManagedFields joined(Owner earlier, Owner later, Owner name) {
        Map<Owner, Claim> result = new LinkedHashMap<>(claims);
        result.remove(earlier);
        result.remove(later);
        FieldSet fields = fields(earlier).plus(fields(later));
        result.put(name, new Claim(name.apiVersion(), time(later), fields));
        return new ManagedFields(result);
    }

    private ManagedFields map(BiFunction<Owner, Claim, Claim> change) {
        Map<Owner, Claim> result = new LinkedHashMap<>(claims);
        result.replaceAll(change);
        return of(result);
    }

    private static ManagedFields of(Map<Owner, Claim> claims) {
        claims.values().removeIf(claim -> claim.fields().isEmpty());
        return new ManagedFields(claims);
    }

    private static ObjectNode entry(Owner owner, Claim claim) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("manager", owner.manager());
        entry.put("operation", owner.applies() ? "Apply" : "Update");
        entry.put("apiVersion", claim.apiVersion());
        if (!claim.time().isEmpty()) {
            entry.put("time", claim.time());
        }
        entry.put("fieldsType", "FieldsV1");
        entry.set("fieldsV1", claim.fields().toJson());
        if (!owner.subresource().isEmpty()) {
            entry.put("subresource", owner.subresource());
        }
        return entry;
    }

    private static String parsedTime(JsonNode text) {
        try {
            return text.isTextual()
                    ? OffsetDateTime.parse(text.textValue())
                            .toInstant()
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString()
                    : "";
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("time is " + text + " (expected: 2026-01-31T12:00:00Z)", e);
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
