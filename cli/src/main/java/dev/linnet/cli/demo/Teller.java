package dev.linnet.cli.demo;

import java.util.Map;

/** How the story reaches people (a terminal, a pipe) or programs (JSON lines). Events carry facts; a teller words them. */
interface Teller {

    /** A new part of the story begins. */
    void chapter(String title);

    /** Something happened, with the facts a program may want. */
    void event(String name, String sentence, Map<String, ?> facts);

    /** Traffic as it flows now; replaces the previous such line where the output can do that. */
    void traffic(TrafficLine line);

    /** The same, as the step's last word. */
    void step(TrafficLine line, boolean asExpected);

    /** The end: what happened to whom. */
    void summary(Summary summary);

    /**
     * One line of measured traffic.
     *
     * @param weight  the canary's weight in percent
     * @param stable  version of the stable side
     * @param canary  version of the canary
     * @param traffic what was measured in this step
     */
    record TrafficLine(int weight, String stable, String canary, Tally traffic) {}
}
