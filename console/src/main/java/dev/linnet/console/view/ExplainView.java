package dev.linnet.console.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * The form that explains a request, and the decision.
 *
 * @param asked    what the person typed
 * @param decision of the gateway, as {@code /linnet/v1/explain} answers
 * @param problem  why there is none; else empty
 */
public record ExplainView(Frame frame, Asked asked, Optional<JsonNode> decision, String problem) {

    /** The form's fields. */
    public record Asked(String url, String method, String headers, String cookies, String from) {}

    /** A share in percent. */
    public static String share(JsonNode chance) {
        return Figures.plain(100 * chance.path("share").asDouble()) + " %";
    }
}
