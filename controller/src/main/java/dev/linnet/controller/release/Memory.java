package dev.linnet.controller.release;

import dev.linnet.controller.metrics.GatewayNumbers.Counted;
import dev.linnet.controller.release.TurnOrder.Rank;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.rollout.evidence.Answer;
import dev.linnet.rollout.evidence.Answers;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.judge.Comparison;
import dev.linnet.rollout.run.Counters;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Progress;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** What is known of a Canary between two turns. All of it can be lost: it is read, asked or counted again. */
final class Memory {
    private static final int MOST_COMPLAINTS = 16;

    private final String uid;
    private final Outbox outbox;
    private Answers answers = Answers.NONE;
    private int era;
    private final Set<Question<?>> asked = new HashSet<>();
    private Optional<LatestRun> latest = Optional.empty();
    private Comparison comparison = Comparison.NONE;
    private Optional<Watched> watched = Optional.empty();
    private boolean running;
    private Rank rank = Rank.RESTS;
    private int run = -1;
    private Instant runBegan = Instant.EPOCH;
    private final Set<String> complaints = new LinkedHashSet<>();
    private final News news = new News();
    private final Lock turns = new ReentrantLock();

    /** @param outbox from which its messages are told */
    Memory(String uid, Outbox outbox) {
        this.uid = uid;
        this.outbox = outbox;
    }

    /** Whether it is of that Canary, and not of an earlier one of the same name. */
    boolean isOf(String other) {
        return uid.equals(other);
    }

    synchronized Answers answers() {
        return answers;
    }

    /** Doing something makes all answers old, also those that are still to come. */
    synchronized void forgetAnswers() {
        answers = Answers.NONE;
        asked.clear();
        era++;
    }

    /** Empty if the question was asked already. */
    synchronized Optional<Integer> ask(Question<?> question) {
        return asked.add(question) ? Optional.of(era) : Optional.empty();
    }

    /** @return whether the answer still counts */
    synchronized boolean answer(Question<?> question, Answer answer, int askedIn) {
        if (askedIn != era) {
            return false;
        }
        answers = with(answers, question, answer);
        return true;
    }

    /** Questions are answered by what they ask for: see {@link Questions#ask}. */
    @SuppressWarnings("unchecked")
    private static <A extends Answer> Answers with(Answers answers, Question<?> question, Answer answer) {
        return answers.with((Question<A>) question, (A) answer);
    }

    synchronized Optional<LatestRun> latest() {
        return latest;
    }

    synchronized void remember(LatestRun now) {
        latest = Optional.of(now);
    }

    /** It is read again before it is needed. */
    synchronized void forgetRun() {
        latest = Optional.empty();
    }

    /** What has changed about its objects. */
    News news() {
        return news;
    }

    /** For whoever writes the Run: turns, and what is ticked off between them. */
    Lock turns() {
        return turns;
    }

    Outbox outbox() {
        return outbox;
    }

    synchronized Comparison comparison() {
        return comparison;
    }

    /**
     * A release whose requests are counted.
     *
     * @param since those before have been
     * @param began when the run began: those before are of another version
     */
    record Watched(CanaryPlan plan, int step, Instant since, Instant began) {
        /** Whether nothing has been counted yet. */
        boolean isNew() {
            return since.equals(began);
        }
    }

    /** From now on the requests of the step that the release stands in are counted, if there are any to count. */
    synchronized void watch(CanaryPlan plan, Progress progress, Instant now) {
        if (!progress.phase().isAnalysing()) {
            watched = Optional.empty();
            return;
        }
        int step = progress.run().clock().step();
        boolean goesOn = watched.filter(before -> before.step == step).isPresent() && comparison.step() == step;
        if (!goesOn) {
            comparison = Comparison.ofStep(step);
        }
        Instant since = goesOn ? watched.orElseThrow().since : now;
        watched =
                Optional.of(new Watched(plan, step, since, began(progress.run().number(), now)));
    }

    synchronized Optional<Watched> watched() {
        return watched;
    }

    /** Adds what has happened since; of a step that is over it means nothing any more. */
    synchronized void counts(Watched what, Counted counted) {
        if (watched.filter(what::equals).isPresent()) {
            comparison = comparison.plus(counted.canary(), counted.primary());
            watched = Optional.of(new Watched(what.plan, what.step, counted.until(), what.began));
        }
    }

    /** How far the release is, as of the last turn. */
    synchronized void at(Progress progress) {
        Counters counters = progress.counters();
        running = progress.phase().isRunning();
        boolean hasUsers = progress.phase().isAnalysing() && (counters.weight() > 0 || counters.iterations() > 0);
        boolean underWay = running || progress.phase() == Phase.INITIALIZING;
        rank = hasUsers ? Rank.HAS_USERS : underWay ? Rank.UNDER_WAY : Rank.RESTS;
    }

    /** Which releases its own goes before. */
    synchronized Rank rank() {
        return rank;
    }

    synchronized boolean isRunning() {
        return running;
    }

    /** Since when a run goes on. One that another process began is as old as its object, whatever the API server's clock says of the future. */
    synchronized Instant began(int number, Instant now) {
        if (number != run) {
            boolean another = run < 0;
            runBegan = latest.filter(_ -> another)
                    .map(LatestRun::created)
                    .filter(now::isAfter)
                    .orElse(now);
            run = number;
        }
        return runBegan;
    }

    /** Whether this is another failure than the last ones: those that come by turns are no news. */
    synchronized boolean complains(String text) {
        if (!complaints.add(text)) {
            return false;
        }
        if (complaints.size() > MOST_COMPLAINTS) {
            complaints.remove(complaints.iterator().next());
        }
        return true;
    }

    /** Something could be done: whatever fails from now on is news. */
    synchronized void complainsNoMore() {
        complaints.clear();
    }
}
