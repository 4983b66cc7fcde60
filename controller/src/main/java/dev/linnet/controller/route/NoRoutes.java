package dev.linnet.controller.route;

import dev.linnet.rollout.evidence.Answer;
import dev.linnet.rollout.run.Cookies;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.step.Traffic;
import java.util.Map;

/** Provider {@code kubernetes}: nothing routes; callers meet the primary until it is replaced. */
public final class NoRoutes implements Routes {

    @Override
    public void ensure(Cookies cookies) {
        // There is nothing to make.
    }

    @Override
    public void route(Traffic traffic, Cookies cookies) {
        // Traffic follows the primary's Pods.
    }

    @Override
    public Answer.Routes read(Progress progress) {
        return new Answer.Routes.Shares(progress.counters().iterations() > 0 ? 100 : 0, false);
    }

    @Override
    public void revert() {
        // Nothing was changed.
    }

    @Override
    public Map<String, String> versions() {
        return Map.of();
    }
}
