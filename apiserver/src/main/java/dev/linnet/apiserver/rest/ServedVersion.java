package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.json.Json;

/** The release of Kubernetes whose API this is. Clients compare it with their own. */
final class ServedVersion {
    private static final String MAJOR = "1";
    private static final String MINOR = "33";
    private static final String PATCH = "0";

    private ServedVersion() {}

    static ObjectNode document() {
        return Json.object()
                .put("major", MAJOR)
                .put("minor", MINOR)
                .put("emulationMajor", MAJOR)
                .put("emulationMinor", MINOR)
                .put("gitVersion", "v" + MAJOR + "." + MINOR + "." + PATCH)
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", "2025-04-23T13:00:00Z")
                .put("goVersion", "")
                .put("compiler", "")
                .put("platform", "linux/amd64");
    }
}
