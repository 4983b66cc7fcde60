package dev.linnet.apiserver.failure;

import java.util.List;

/**
 * A request that is answered with a Status object instead of what it asked for. Nothing was stored.
 *
 * <p>Messages follow a real API server's letter by letter, because kubectl prints them and people search for them.
 */
public final class ApiFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;
    private final String reason;
    private final transient Subject subject;
    private final transient List<Cause> causes;

    /**
     * @param group resource group, empty for the core group
     * @param kind  resource name in the plural (or, for Invalid, the kind), as the Status' details show it
     */
    public record Subject(String group, String kind, String name) {
        public static final Subject NONE = new Subject("", "", "");

        /** {@code deployments.apps "web"}. */
        public String quoted() {
            return qualified() + " \"" + name + "\"";
        }

        /** As {@link #quoted}, and {@code deployments.apps} for a collection. */
        String shown() {
            return name.isEmpty() ? qualified() : quoted();
        }

        private String qualified() {
            return group.isEmpty() ? kind : kind + "." + group;
        }
    }

    /** One entry of {@code details.causes}. */
    public record Cause(String reason, String message, String field) {}

    private ApiFailure(int code, String reason, String message, Subject subject, List<Cause> causes) {
        super(message, null, false, false);
        this.code = code;
        this.reason = reason;
        this.subject = subject;
        this.causes = List.copyOf(causes);
    }

    public static ApiFailure of(int code, String reason, String message) {
        return new ApiFailure(code, reason, message, Subject.NONE, List.of());
    }

    public static ApiFailure of(int code, String reason, String message, Subject subject, List<Cause> causes) {
        return new ApiFailure(code, reason, message, subject, causes);
    }

    public static ApiFailure badRequest(String message) {
        return of(400, "BadRequest", message);
    }

    public static ApiFailure notFound(Subject subject) {
        return new ApiFailure(404, "NotFound", subject.quoted() + " not found", subject, List.of());
    }

    public static ApiFailure alreadyExists(Subject subject) {
        return new ApiFailure(409, "AlreadyExists", subject.quoted() + " already exists", subject, List.of());
    }

    /** Access rules or the state of things forbid it. */
    public static ApiFailure forbidden(Subject subject, String detail) {
        return forbidden(subject, detail, List.of());
    }

    public static ApiFailure forbidden(Subject subject, String detail, List<Cause> causes) {
        String what = subject.equals(Subject.NONE) ? "" : subject.shown() + " is ";
        return new ApiFailure(403, "Forbidden", what + "forbidden: " + detail, subject, causes);
    }

    /** The same with the reason before its message. */
    public ApiFailure because(String why) {
        return new ApiFailure(code, reason, why + ": " + getMessage(), subject, causes);
    }

    /** The object moved on since the caller read it. */
    public static ApiFailure conflict(Subject subject, String detail) {
        String message = "Operation cannot be fulfilled on " + subject.quoted() + ": " + detail;
        return new ApiFailure(409, "Conflict", message, subject, List.of());
    }

    public static ApiFailure staleVersion(Subject subject) {
        return conflict(
                subject, "the object has been modified; please apply your changes to the latest version and try again");
    }

    /** {@code subject.kind} is the Kind here ({@code Deployment}), as in a real Status. */
    public static ApiFailure invalid(Subject subject, List<FieldError> errors) {
        List<String> lines = errors.stream().map(FieldError::line).distinct().toList();
        String all = lines.size() == 1 ? lines.getFirst() : "[" + String.join(", ", lines) + "]";
        List<Cause> causes = errors.stream()
                .map(error -> new Cause(error.reason().wire(), error.text(), error.path()))
                .toList();
        return new ApiFailure(422, "Invalid", subject.quoted() + " is invalid: " + all, subject, causes);
    }

    public static ApiFailure expired(String message) {
        return of(410, "Expired", message);
    }

    public static ApiFailure unsupportedMediaType(String message) {
        return of(415, "UnsupportedMediaType", message);
    }

    public static ApiFailure methodNotAllowed(Subject subject) {
        String message = "the server does not allow this method on the requested resource";
        return new ApiFailure(405, "MethodNotAllowed", message, subject, List.of());
    }

    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }

    public Subject subject() {
        return subject;
    }

    public List<Cause> causes() {
        return causes;
    }
}
