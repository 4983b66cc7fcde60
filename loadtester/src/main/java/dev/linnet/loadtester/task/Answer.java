package dev.linnet.loadtester.task;

/** What a webhook is answered: a status and plain text. Flagger takes a status up to 202 for a yes. */
public record Answer(int status, String text) {
    public static final Answer ACCEPTED = new Answer(202, "");
    public static final Answer FORBIDDEN = new Answer(403, "Forbidden");

    public static Answer ok(String text) {
        return new Answer(200, text);
    }

    /** The webhook's author is wrong. */
    public static Answer refused(String why) {
        return new Answer(400, why);
    }

    /** What was asked for was tried, and did not work. */
    public static Answer failed(String why) {
        return new Answer(500, why);
    }
}
