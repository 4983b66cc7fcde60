package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.apiserver.failure.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with one object, in the order in which it is found. */
final class Violations {
    private final List<FieldError> found = new ArrayList<>();

    List<FieldError> found() {
        return List.copyOf(found);
    }

    int count() {
        return found.size();
    }

    void add(FieldError error) {
        found.add(error);
    }

    void required(Field field) {
        required(field, "");
    }

    void required(Field field, String detail) {
        found.add(FieldError.required(field.path(), detail));
    }

    void invalid(Field field, String detail) {
        found.add(FieldError.invalid(field.path(), shown(field), detail));
    }

    void invalid(Field field, Object value, String detail) {
        found.add(FieldError.invalid(field.path(), value, detail));
    }

    void invalid(Field field, Object value, List<String> details) {
        details.forEach(detail -> invalid(field, value, detail));
    }

    /** One violation for each detail; the checks in {@link Names} return such lists. */
    void invalid(Field field, List<String> details) {
        details.forEach(detail -> invalid(field, detail));
    }

    void forbidden(Field field, String detail) {
        found.add(FieldError.forbidden(field.path(), detail));
    }

    void duplicate(Field field) {
        duplicate(field, shown(field));
    }

    void duplicate(Field field, Object value) {
        found.add(FieldError.duplicate(field.path(), value));
    }

    void duplicate(Field field, String detail) {
        found.add(FieldError.duplicate(field.path(), shown(field), detail));
    }

    void notFound(Field field) {
        found.add(FieldError.notFound(field.path(), shown(field)));
    }

    void tooLong(Field field, int maxBytes) {
        found.add(FieldError.tooLong(field.path(), maxBytes));
    }

    void atMost(Field list, int max) {
        if (list.size() > max) {
            found.add(FieldError.tooMany(list.path(), list.size(), max));
        }
    }

    /** The field must be one of these; {@code allowed} is printed in the order given. */
    void oneOf(Field field, List<String> allowed) {
        if (!allowed.contains(field.text())) {
            notSupported(field, allowed);
        }
    }

    void notSupported(Field field, List<String> allowed) {
        found.add(FieldError.notSupported(field.path(), shown(field), allowed));
    }

    /** As {@link #oneOf}, where the field may also be absent. */
    void noneOrOneOf(Field field, List<String> allowed) {
        if (!field.isZero()) {
            oneOf(field, allowed);
        }
    }

    /** Notes and remembers a value that was seen before. */
    void unique(Field field, Object value, Set<Object> seen) {
        if (!seen.add(value)) {
            duplicate(field, value);
        }
    }

    /** One of the numbers from {@code first} to {@code last}. */
    void between(Field field, long first, long last) {
        if (field.number() < first || field.number() > last) {
            invalid(field, "must be between " + first + " and " + last + ", inclusive");
        }
    }

    void notNegative(Field field) {
        if (field.number() < 0) {
            invalid(field, "must be greater than or equal to 0");
        }
    }

    void immutable(Field before, Field after) {
        boolean bothAbsent = before.isZero() && after.isZero();
        if (!bothAbsent && !Json.same(before.value(), after.value())) {
            invalid(after, "field is immutable");
        }
    }

    private static Object shown(Field field) {
        JsonNode value = field.value();
        if (value.isContainerNode()) {
            return value;
        }
        return value.isNumber() || value.isBoolean() ? value : field.text();
    }
}
