package dev.linnet.console.view;

import dev.linnet.console.release.RunObject;
import dev.linnet.console.release.Told;
import java.util.List;

/** One run. */
public record RunView(Frame frame, RunObject run, List<Told> told) {
    public RunView {
        told = List.copyOf(told);
    }
}
