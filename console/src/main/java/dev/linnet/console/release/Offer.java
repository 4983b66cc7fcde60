package dev.linnet.console.release;

import dev.linnet.rollout.evidence.PersonAction.Verb;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Wait;
import java.util.ArrayList;
import java.util.List;

/** Which actions make sense for a release now. The controller has the last word: it refuses with the reason. */
public final class Offer {
    /** First what is most likely wanted where it is offered, last what takes everything back. */
    private static final List<Verb> ORDER = List.of(
            Verb.APPROVE, Verb.RESUME, Verb.PROMOTE, Verb.RETRY, Verb.SKIP, Verb.PAUSE, Verb.RESTART, Verb.ABORT);

    private Offer() {}

    public static List<Verb> of(Release release) {
        List<Verb> offered = new ArrayList<>();
        for (Verb verb : ORDER) {
            if (fits(verb, release)) {
                offered.add(verb);
            }
        }
        return offered;
    }

    private static boolean fits(Verb verb, Release release) {
        Phase phase = release.phase();
        boolean waiting = phase == Phase.WAITING;
        return switch (verb) {
            case NONE -> false;
            case APPROVE ->
                waiting
                        || phase == Phase.WAITING_PROMOTION
                        || (phase == Phase.PROGRESSING && release.waiting().what() == Wait.What.GATE);
            case PROMOTE -> waiting || phase.isAnalysing() || release.heldForPromotion();
            case SKIP -> waiting || phase.isAnalysing() || phase == Phase.PROMOTING || phase == Phase.FINALISING;
            case PAUSE -> phase.isAnalysing() && !release.paused();
            case RESUME -> release.paused();
            case ABORT -> waiting || phase.isAnalysing();
            case RETRY -> phase == Phase.FAILED;
            case RESTART -> phase.isAnalysing();
        };
    }
}
