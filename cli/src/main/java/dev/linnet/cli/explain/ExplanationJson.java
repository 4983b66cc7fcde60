package dev.linnet.cli.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.routing.Explanation;

/** An explanation for programs. Fields are only ever added. */
final class ExplanationJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ExplanationJson() {}

    static String of(Explanation explanation) throws JsonProcessingException {
        ObjectNode all = JSON.createObjectNode();
        all.put("status", explanation.status());
        explanation.rule().ifPresent(rule -> all.put("rule", rule.source().toString()));
        explanation.side().ifPresent(side -> {
            all.put("side", side.side());
            all.put("backend", side.backend().toString());
            all.put("source", side.source().toString());
        });
        ArrayNode chances = all.putArray("chances");
        explanation
                .chances()
                .forEach(chance -> chances.addObject()
                        .put("side", chance.target().side())
                        .put("backend", chance.target().backend().toString())
                        .put("share", chance.share()));
        ArrayNode steps = all.putArray("steps");
        explanation.steps().forEach(steps::add);
        ArrayNode others = all.putArray("others");
        explanation
                .others()
                .forEach(other -> others.addObject().put("what", other.what()).put("reason", other.reason()));
        ArrayNode problems = all.putArray("problems");
        explanation
                .problems()
                .forEach(problem -> problems.addObject()
                        .put("object", problem.object().toString())
                        .put("path", problem.path())
                        .put("message", problem.message()));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all);
    }
}
