package dev.linnet.cli.rollouts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.cli.rollouts.RolloutView.Action;
import dev.linnet.cli.rollouts.RolloutView.Check;
import dev.linnet.cli.rollouts.RolloutView.Entry;
import dev.linnet.cli.rollouts.RolloutView.Measured;
import dev.linnet.cli.rollouts.RolloutView.Pod;
import dev.linnet.cli.rollouts.RolloutView.Progress;
import dev.linnet.cli.rollouts.RolloutView.RunView;
import dev.linnet.cli.rollouts.RolloutView.Side;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

/** What a person reads about a rollout. */
final class RolloutTextTest {
    private static final RunView FIRST = new RunView(
            1,
            List.of("podinfo:3.1.1"),
            "Failed",
            "2026-01-01T12:00:00Z",
            "2026-01-01T12:01:05.2Z",
            "aborted by ann",
            List.of(),
            List.of(
                    new Action("abort", "ann", "2026-01-01T12:01:00Z", ""),
                    new Action("skip", "bob", "2026-01-01T12:01:04Z", "no version is being tried out")),
            List.of());
    private static final RunView SECOND = new RunView(
            2,
            List.of("podinfo:3.1.2"),
            "Progressing",
            "2026-01-01T13:00:00Z",
            "",
            "",
            List.of(
                    new Entry("2026-01-01T13:00:00.5Z", false, "New revision detected! Scaling up podinfo.test"),
                    new Entry("2026-01-01T13:00:09Z", true, "Halt podinfo.test advancement success rate 97.00% < 99%")),
            List.of(),
            List.of(
                    new Check(
                            "2026-01-01T13:00:09.3Z",
                            5,
                            0,
                            List.of(
                                    new Measured("request-success-rate", 97.0, "fail"),
                                    new Measured("request-duration", 12.3456, "pass"))),
                    new Check(
                            "2026-01-01T13:00:19Z",
                            5,
                            0,
                            List.of(new Measured("request-success-rate", null, "hold")))));
    private static final RolloutView ROLLOUT = new RolloutView(
            "test",
            "podinfo",
            "Progressing",
            "5 % more of the traffic, up to 50 %, a step every 10s",
            new Progress(5, 0, 1, 10),
            "the end of the interval",
            List.of(
                    new Side(
                            "primary",
                            "Deployment podinfo-primary",
                            List.of("podinfo:3.1.0"),
                            "95 %",
                            1,
                            1,
                            List.of(new Pod("podinfo-primary-a", "Running", true, 0))),
                    new Side(
                            "canary",
                            "Deployment podinfo",
                            List.of("podinfo:3.1.2"),
                            "5 %",
                            1,
                            2,
                            List.of(
                                    new Pod("podinfo-b", "Running", true, 2),
                                    new Pod("podinfo-c", "CrashLoopBackOff", false, 7)))),
            List.of(SECOND, FIRST));

    @Test
    void drawsATreeOfVersionsPodsAndRuns() {
        assertThat(String.join("\n", new RolloutText(Ansi.OFF).tree(ROLLOUT))).isEqualTo("""
                podinfo.test  Progressing  weight 5 %, 1 of 10 checks failed
                  5 % more of the traffic, up to 50 %, a step every 10s
                  waits for the end of the interval

                ├─ primary  Deployment podinfo-primary  podinfo:3.1.0  95 %  1/1 ready
                │  └─ podinfo-primary-a  Running
                ├─ canary  Deployment podinfo  podinfo:3.1.2  5 %  1/2 ready
                │  ├─ podinfo-b  Running, restarted 2 times
                │  └─ podinfo-c  CrashLoopBackOff, not ready, restarted 7 times
                └─ runs
                   ├─ 2  Progressing  podinfo:3.1.2  since 2026-01-01T13:00:00Z
                   └─ 1  Failed  podinfo:3.1.1  since 2026-01-01T12:00:00Z  aborted by ann

                  2026-01-01T13:00:00Z  New revision detected! Scaling up podinfo.test
                  2026-01-01T13:00:09Z  Halt podinfo.test advancement success rate 97.00% < 99%

                  2026-01-01T13:00:09Z  5 %: request-success-rate 97 (fail), request-duration 12.346
                  2026-01-01T13:00:19Z  5 %: request-success-rate no value (hold)""");
    }

    @Test
    void paintsOnATerminalOnly() {
        assertThat(new RolloutText(Ansi.ON).tree(ROLLOUT)).anyMatch(line -> line.contains("\u001b["));
        assertThat(new RolloutText(Ansi.OFF).tree(ROLLOUT)).noneMatch(line -> line.contains("\u001b"));
    }

    @Test
    void tellsHistoryWithWhoDidWhat() {
        assertThat(String.join("\n", new RolloutText(Ansi.OFF).history(List.of(ROLLOUT))))
                .isEqualTo("""
                CANARY         RUN   VERSION         PHASE         BEGAN                  TOOK   WHY AND BY WHOM
                podinfo.test   2     podinfo:3.1.2   Progressing   2026-01-01T13:00:00Z
                podinfo.test   1     podinfo:3.1.1   Failed        2026-01-01T12:00:00Z   1m5s   aborted by ann
                                                                   2026-01-01T12:01:00Z          abort by ann
                                                                   2026-01-01T12:01:04Z          skip by bob: refused, no version is being tried out""");
    }
}
