package dev.linnet.apiserver.rest;

import dev.linnet.apiserver.access.Caller;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.http.Call;
import java.util.List;

/**
 * How a write is to be done.
 *
 * @param dryRun  do everything but store
 * @param manager in whose name fields are owned
 * @param force   an apply takes over fields of others
 * @param author  in whose name it is done
 * @param own     what is written was made by this very program, whose tests have checked it
 */
record WriteOptions(
        boolean dryRun, FieldValidation validation, String manager, boolean force, Caller author, boolean own) {

    /** How this server itself writes, under a manager's name. */
    static WriteOptions ofServer(String manager) {
        return new WriteOptions(false, FieldValidation.IGNORE, manager, false, Caller.SERVER, true);
    }

    /** What happens to fields that the kind does not have. */
    enum FieldValidation {
        IGNORE,
        WARN,
        STRICT
    }

    static WriteOptions of(Call call) {
        return new WriteOptions(
                dryRun(call.query().all("dryRun"), kind(call)),
                validation(call.query().text("fieldValidation"), kind(call)),
                manager(call),
                call.query().flag("force"),
                call.caller(),
                false);
    }

    /** How a real API server names these options in messages. */
    private static String kind(Call call) {
        return switch (call.method()) {
            case "PUT" -> "UpdateOptions";
            case "PATCH" -> "PatchOptions";
            default -> "CreateOptions";
        };
    }

    /** @param kind whose options they are, for messages */
    static boolean dryRun(List<String> values, String kind) {
        for (String value : values) {
            if (!value.equals("All")) {
                throw unsupported(kind, FieldError.notSupported("dryRun", value, List.of("All")));
            }
        }
        return !values.isEmpty();
    }

    private static FieldValidation validation(String value, String kind) {
        return switch (value) {
            case "", "Warn" -> FieldValidation.WARN;
            case "Ignore" -> FieldValidation.IGNORE;
            case "Strict" -> FieldValidation.STRICT;
            default ->
                throw unsupported(
                        kind,
                        FieldError.notSupported("fieldValidation", value, List.of("", "Ignore", "Strict", "Warn")));
        };
    }

    private static ApiFailure unsupported(String kind, FieldError error) {
        return ApiFailure.invalid(new ApiFailure.Subject("meta.k8s.io", kind, ""), List.of(error));
    }

    private static String manager(Call call) {
        String named = call.query().text("fieldManager");
        if (!named.isEmpty()) {
            return named;
        }
        String agent = call.userAgent();
        int slash = agent.indexOf('/');
        return slash < 0 ? agent : agent.substring(0, slash);
    }
}
