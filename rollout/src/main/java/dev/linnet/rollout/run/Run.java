package dev.linnet.rollout.run;

/**
 * What is known of a run beyond Flagger's {@code status}, which has no room for it: it is kept in the object {@code Run}. Where that is
 * lost, {@link #NONE} serves: the run goes on with what {@code status} says.
 *
 * @param number 1 for the first run of a Canary; 0 before it
 * @param stage  where it stands within its phase
 * @param hold   whether and why a failed release still serves from the canary
 * @param clock  where it stands in time
 * @param ending why it ends without promotion
 * @param orders what persons have said
 * @param log    what has been said about it
 */
public record Run(int number, Stage stage, Hold hold, Clock clock, Ending ending, Orders orders, Log log) {
    public static final Run NONE = new Run(0, Stage.OPEN, Hold.NONE, Clock.START, Ending.NONE, Orders.NONE, Log.EMPTY);

    /** The run after this one. */
    public Run following() {
        return fresh(number + 1);
    }

    /** This one, which has waited to begin. */
    public Run begun() {
        return fresh(number);
    }

    private Run fresh(int as) {
        return new Run(as, Stage.OPEN, Hold.NONE, clock.restarted(), Ending.NONE, orders.cleared(), log.renewed());
    }

    public Run withStage(Stage next) {
        return new Run(number, next, hold, clock, ending, orders, log);
    }

    public Run withHold(Hold next) {
        return new Run(number, stage, next, clock, ending, orders, log);
    }

    public Run withClock(Clock next) {
        return new Run(number, stage, hold, next, ending, orders, log);
    }

    public Run withEnding(Ending next) {
        return new Run(number, stage, hold, clock, next, orders, log);
    }

    public Run withOrders(Orders next) {
        return new Run(number, stage, hold, clock, ending, next, log);
    }

    public Run withLog(Log next) {
        return new Run(number, stage, hold, clock, ending, orders, next);
    }
}
