package dev.linnet.apiserver.patch;

import dev.linnet.apiserver.failure.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Words an apply that would change what others own, as a real API server does. */
final class Conflict {
    private Conflict() {}

    static ApiFailure of(Map<Owner, FieldSet> conflicts) {
        List<ApiFailure.Cause> causes = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        conflicts.forEach((owner, fields) -> {
            groups.add("conflicts with " + owner.shown() + ":");
            for (String path : fields.shown()) {
                causes.add(new ApiFailure.Cause("FieldManagerConflict", "conflict with " + owner.shown(), path));
                groups.add("- " + path);
            }
        });
        ApiFailure.Cause first = causes.getFirst();
        String message = causes.size() == 1
                ? "Apply failed with 1 conflict: " + first.message() + ": " + first.field()
                : "Apply failed with " + causes.size() + " conflicts: " + String.join("\n", groups);
        return ApiFailure.of(409, "Conflict", message, ApiFailure.Subject.NONE, causes);
    }
}
