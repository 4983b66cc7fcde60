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
 */
record WriteOptions(boolean dryRun, FieldValidation validation, String manager, boolean force, Caller author) {

    /** How this server itself writes, under a manager's name. */
    static WriteOptions ofServer(String manager) {
        return new WriteOptions(false, FieldValidation.IGNORE, manager, false, Caller.SERVER);
    }

    /** What happens to fields that the kind does not have. */
    enum FieldValidation {
        IGNORE,
        WARN,
        STRICT
    }

    static WriteOptions of(Call call) {
        return new WriteOptions(
                dryRun(call.query().all("dryRun")),
                validation(call.query().text("fieldValidation")),
                manager(call),
                call.query().flag("force"),
                call.caller());
    }

    static boolean dryRun(List<String> values) {
        for (String value : values) {
            if (!value.equals("All")) {
                throw unsupported("dryRun", value, List.of("All"));
            }
        }
        return !values.isEmpty();
    }

    private static FieldValidation validation(String value) {
        return switch (value) {
            case "", "Warn" -> FieldValidation.WARN;
            case "Ignore" -> FieldValidation.IGNORE;
            case "Strict" -> FieldValidation.STRICT;
            default -> throw unsupported("fieldValidation", value, List.of("", "Ignore", "Strict", "Warn"));
        };
    }

    private static ApiFailure unsupported(String parameter, String value, List<String> allowed) {
        return ApiFailure.invalid(
                new ApiFailure.Subject("meta.k8s.io", "WriteOptions", ""),
                List.of(FieldError.notSupported(parameter, value, allowed)));
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
