package dev.linnet.console.view;

import dev.linnet.console.release.RunObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Past runs.
 *
 * @param text  what is searched for
 * @param total how many the person may see
 */
public record HistoryView(Frame frame, String text, List<RunObject> runs, int total) {
    public HistoryView {
        runs = List.copyOf(runs);
    }

    /** As the address of the page says it. */
    public String query() {
        return "q=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
