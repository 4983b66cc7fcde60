package dev.linnet.loadtester.task;

/**
 * How a command ended.
 *
 * @param problem empty when it did what it should
 * @param output  what it printed, both streams, at most its end
 */
record Finished(String problem, String output) {
    static Finished well(String output) {
        return new Finished("", output);
    }

    boolean isWell() {
        return problem.isEmpty();
    }
}
