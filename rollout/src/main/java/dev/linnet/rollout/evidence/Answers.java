package dev.linnet.rollout.evidence;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What was answered since something was last done: doing something makes all answers old. */
public final class Answers {
    public static final Answers NONE = new Answers(Map.of());

    private final Map<Question<?>, Answer> given;

    private Answers(Map<Question<?>, Answer> given) {
        this.given = given;
    }

    public <A extends Answer> Answers with(Question<A> question, A answer) {
        Map<Question<?>, Answer> more = new HashMap<>(given);
        more.put(question, answer);
        return new Answers(more);
    }

    /** The cast holds because {@link #with} is the only way in. */
    @SuppressWarnings("unchecked")
    public <A extends Answer> Optional<A> to(Question<A> question) {
        return Optional.ofNullable((A) given.get(question));
    }
}
