package dev.linnet.routing.policy;

import java.util.List;
import java.util.Optional;

/**
 * How the requests of a route and the answers to them are passed on.
 *
 * @param bodies how bodies of requests are taken
 * @param retries after what another endpoint is asked
 * @param errors who answers instead of errors
 * @param cors what browsers are told of other origins
 * @param answers what is changed in the heads that clients get
 * @param mirrors who gets copies of the requests
 * @param pace how fast answers go to clients
 * @param persistence what endpoints are told of their connections
 */
public record Relay(
        Bodies bodies,
        Retries retries,
        ErrorPages errors,
        Optional<Cors> cors,
        AnswerEdits answers,
        List<Mirror> mirrors,
        Pace pace,
        Persistence persistence) {
    /** Asks for nothing. */
    public static final Relay NONE = new Relay(
            Bodies.ANY,
            Retries.DEFAULT,
            ErrorPages.NONE,
            Optional.empty(),
            AnswerEdits.NONE,
            List.of(),
            Pace.ANY,
            Persistence.UNSAID);

    public Relay {
        mirrors = List.copyOf(mirrors);
    }

    public Relay withBodies(Bodies other) {
        return new Relay(other, retries, errors, cors, answers, mirrors, pace, persistence);
    }

    public Relay withRetries(Retries other) {
        return new Relay(bodies, other, errors, cors, answers, mirrors, pace, persistence);
    }

    public Relay withErrors(ErrorPages other) {
        return new Relay(bodies, retries, other, cors, answers, mirrors, pace, persistence);
    }

    public Relay withCors(Optional<Cors> other) {
        return new Relay(bodies, retries, errors, other, answers, mirrors, pace, persistence);
    }

    public Relay withAnswers(AnswerEdits other) {
        return new Relay(bodies, retries, errors, cors, other, mirrors, pace, persistence);
    }

    public Relay withMirrors(List<Mirror> others) {
        return new Relay(bodies, retries, errors, cors, answers, others, pace, persistence);
    }

    public Relay withPace(Pace other) {
        return new Relay(bodies, retries, errors, cors, answers, mirrors, other, persistence);
    }

    public Relay withPersistence(Persistence other) {
        return new Relay(bodies, retries, errors, cors, answers, mirrors, pace, other);
    }
}
