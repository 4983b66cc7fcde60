package dev.linnet.apiserver.failure;

import com.fasterxml.jackson.databind.node.TextNode;

/**
 * One wrong field of an object, worded as a real API server words it.
 *
 * @param reason what kind of error it is; decides the cause's reason in the Status
 * @param path   JSON path of the field, {@code spec.rules[0].host}
 * @param text   the whole message after the path, {@code Required value: must be set}
 */
public record FieldError(Reason reason, String path, String text) {

    /** The cause's {@code reason} as it stands in a Status object. */
    public enum Reason {
        REQUIRED("FieldValueRequired"),
        INVALID("FieldValueInvalid"),
        TYPE_INVALID("FieldValueTypeInvalid"),
        NOT_SUPPORTED("FieldValueNotSupported"),
        DUPLICATE("FieldValueDuplicate"),
        FORBIDDEN("FieldValueForbidden"),
        TOO_LONG("FieldValueTooLong"),
        TOO_MANY("FieldValueTooMany"),
        NOT_FOUND("FieldValueNotFound"),
        INTERNAL("InternalError");

        private final String wire;

        Reason(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }

    public static FieldError required(String path, String detail) {
        return new FieldError(Reason.REQUIRED, path, detail.isEmpty() ? "Required value" : "Required value: " + detail);
    }

    /** {@code value} is printed as JSON prints it: text in quotes, numbers bare. */
    public static FieldError invalid(String path, Object value, String detail) {
        return new FieldError(Reason.INVALID, path, "Invalid value: " + printed(value) + ": " + detail);
    }

    public static FieldError notSupported(String path, Object value, Iterable<String> allowed) {
        StringBuilder names = new StringBuilder();
        for (String name : allowed) {
            names.append(names.isEmpty() ? "" : ", ").append(printed(name));
        }
        return new FieldError(
                Reason.NOT_SUPPORTED, path, "Unsupported value: " + printed(value) + ": supported values: " + names);
    }

    public static FieldError duplicate(String path, Object value) {
        return new FieldError(Reason.DUPLICATE, path, "Duplicate value: " + printed(value));
    }

    public static FieldError duplicate(String path, Object value, String detail) {
        return new FieldError(Reason.DUPLICATE, path, "Duplicate value: " + printed(value) + ": " + detail);
    }

    public static FieldError forbidden(String path, String detail) {
        return new FieldError(Reason.FORBIDDEN, path, "Forbidden: " + detail);
    }

    /** The value itself is left out: it is long. */
    public static FieldError tooLong(String path, int maxBytes) {
        return new FieldError(Reason.TOO_LONG, path, "Too long: may not be more than " + maxBytes + " bytes");
    }

    public static FieldError tooMany(String path, int actual, int max) {
        return new FieldError(Reason.TOO_MANY, path, "Too many: " + actual + ": must have at most " + max + " items");
    }

    public static FieldError internal(String path, String detail) {
        return new FieldError(Reason.INTERNAL, path, "Internal error: " + detail);
    }

    public static FieldError notFound(String path, Object value) {
        return new FieldError(Reason.NOT_FOUND, path, "Not found: " + printed(value));
    }

    /** The line a Status message shows for this error. */
    public String line() {
        return path + ": " + text;
    }

    private static String printed(Object value) {
        return value instanceof String text ? TextNode.valueOf(text).toString() : String.valueOf(value);
    }
}
