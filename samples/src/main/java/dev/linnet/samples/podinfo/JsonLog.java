package dev.linnet.samples.podinfo;

import dev.linnet.samples.serving.Output;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Prints log lines in the form that podinfo's have. */
record JsonLog(Output out) {

    void line(String message, Map<String, String> facts) {
        Map<String, String> line = new LinkedHashMap<>();
        line.put("level", "info");
        line.put("ts", Instant.now().toString());
        line.put("msg", message);
        line.putAll(new TreeMap<>(facts));
        out.line(Json.line(line));
    }
}
