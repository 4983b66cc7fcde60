package dev.linnet.controller.release;

import dev.linnet.controller.api.RunRecord;
import dev.linnet.rollout.evidence.Answer;
import dev.linnet.rollout.evidence.Answers;
import dev.linnet.rollout.evidence.Question;
import dev.linnet.rollout.judge.Comparison;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.step.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** What is known of a Canary between two turns. All of it can be lost: it is read, asked or counted again. */
final class Memory {
    /** Far more than can be pending: whoever is told about a message late must not find it forgotten. */
    private static final int MOST_TOLD = 1_000;

    private Answers answers = Answers.NONE;
    private int era;
    private final Set<Question<?>> asked = new HashSet<>();
    private final SequencedSet<String> told = new LinkedHashSet<>();
    private final ReentrantLock turn = new ReentrantLock();
    private Optional<RunRecord> record = Optional.empty();
    private Comparison comparison = Comparison.NONE;
    private Instant compared = Instant.EPOCH;
    private boolean running;
    private int run = -1;
    private Instant runBegan = Instant.EPOCH;
    private String complaint = "";

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

    synchronized Optional<RunRecord> record() {
        return record;
    }

    synchronized void remember(RunRecord now) {
        record = Optional.of(now);
    }

    synchronized void forgetRecord() {
        record = Optional.empty();
    }

    /** Tells what was not told yet, in order; who comes meanwhile waits, so that nothing is told twice at once. */
    void tell(List<Message> messages, Telling telling) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            for (Message message : untold(messages)) {
                if (telling.tell(message)) {
                    told(message.id());
                }
            }
        } finally {
            turn.unlock();
        }
    }

    /** Tells one message. */
    @FunctionalInterface
    interface Telling {

        /** Whether it was told to the end. */
        boolean tell(Message message) throws InterruptedException;
    }

    private synchronized void told(String id) {
        told.add(id);
        if (told.size() > MOST_TOLD) {
            told.removeFirst();
        }
    }

    /** Those that were not told yet. */
    synchronized List<Message> untold(List<Message> messages) {
        List<Message> untold = new ArrayList<>(messages);
        untold.removeIf(message -> told.contains(message.id()));
        return untold;
    }

    synchronized Comparison comparison() {
        return comparison;
    }

    synchronized Instant compared() {
        return compared;
    }

    synchronized void compare(Comparison next, Instant at) {
        comparison = next;
        compared = at;
    }

    /** How far the release is, as of the last turn. */
    synchronized void at(Phase phase) {
        running = phase.isRunning();
    }

    synchronized boolean isRunning() {
        return running;
    }

    /** Since when a run goes on; long ago where another process began it. */
    synchronized Instant began(int number, Instant now) {
        if (number != run) {
            runBegan = run < 0 ? Instant.EPOCH : now;
            run = number;
        }
        return runBegan;
    }

    /** Whether this is another failure than the last one. */
    synchronized boolean complains(String text) {
        boolean is = !text.equals(complaint);
        complaint = text;
        return is;
    }
}
