package dev.linnet.rollout.plan;

import dev.linnet.rollout.plan.Routing.Ability;
import java.util.ArrayList;
import java.util.List;

/** What a plan asks for that cannot be done, found before a release stalls on it or sends everybody to the canary. */
public final class PlanProblems {
    private final Release release;
    private final List<PlanProblem> found = new ArrayList<>();

    private PlanProblems(Release release) {
        this.release = release;
    }

    public static List<PlanProblem> of(Release release) {
        PlanProblems problems = new PlanProblems(release);
        problems.find();
        return List.copyOf(problems.found);
    }

    private void find() {
        switch (release.analysis().strategy()) {
            case Strategy.Weighted(Steps steps, Mirror mirror, int promotion) -> {
                steps(steps);
                promotion(promotion);
                if (!release.analysis().audience().isEmpty() && lacks(Ability.SPLIT_MATCH)) {
                    bars(
                            "analysis.match",
                            "is there without iterations, but " + provider()
                                    + " deals no shares among those who match (expected: analysis.iterations)");
                }
                if (mirror.wanted() && lacks(Ability.MIRROR_BEFORE_STEPS)) {
                    bars("analysis.mirror", "is true, but " + provider() + " cannot mirror before a weighted release");
                }
            }
            case Strategy.AbTest _ -> abTest();
            case Strategy.BlueGreen(int _, Mirror mirror, int promotion) -> {
                promotion(promotion);
                if (mirror.wanted() && lacks(Ability.MIRROR_BLUE_GREEN)) {
                    notes("analysis.mirror", "is true, but " + provider() + " cannot mirror: nothing is mirrored");
                }
            }
        }
        if (release.analysis().affinity().isWanted() && lacks(Ability.AFFINITY)) {
            notes("analysis.sessionAffinity", "is not obeyed: " + provider() + " keeps nobody at a version");
        } else if (release.analysis().affinity().isWanted()
                && !release.analysis().audience().isEmpty()) {
            notes("analysis.sessionAffinity", "has no effect beside analysis.match (expected: one of them)");
        }
    }

    private void abTest() {
        if (release.analysis().audience().isEmpty()) {
            bars("analysis.match", "is empty (expected: the requests that an A/B test is about)");
        } else if (lacks(Ability.MATCH)) {
            bars("analysis.match", "is not obeyed by " + provider() + ": all traffic would meet the canary");
        }
    }

    private void steps(Steps steps) {
        if (steps.weights().isEmpty()) {
            if (steps.stepWeight() < 1 || steps.stepWeight() > 100) {
                bars("analysis.stepWeight", "is " + steps.stepWeight() + " (expected: 1 to 100)");
            }
            if (steps.maxWeight() < 1 || steps.maxWeight() > 100) {
                notes("analysis.maxWeight", "is " + steps.maxWeight() + " (expected: 1 to 100)");
            }
            return;
        }
        int before = 0;
        for (int weight : steps.weights()) {
            if (weight <= before) {
                bars(
                        "analysis.stepWeights",
                        "has " + weight + " after " + before + " (expected: growing numbers up to 100)");
                return;
            }
            before = weight;
        }
        if (before > 100) {
            notes("analysis.stepWeights", "has " + before + " (expected: growing numbers up to 100)");
        }
    }

    private void promotion(int step) {
        if (step < 0 || step > 100) {
            notes("analysis.stepWeightPromotion", "is " + step + " (expected: 0 to 100)");
        }
    }

    /** A provider without routes has its own fallbacks, as in Flagger. */
    private boolean lacks(Ability ability) {
        return release.routing().can(Ability.SPLIT) && !release.routing().can(ability);
    }

    private String provider() {
        return "provider " + release.routing().provider();
    }

    private void bars(String path, String message) {
        found.add(new PlanProblem(path, message, true));
    }

    private void notes(String path, String message) {
        found.add(new PlanProblem(path, message, false));
    }
}
