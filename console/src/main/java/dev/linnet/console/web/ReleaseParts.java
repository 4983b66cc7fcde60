package dev.linnet.console.web;

import dev.linnet.console.access.Rights;
import dev.linnet.console.cluster.Workloads;
import dev.linnet.console.release.Release;
import dev.linnet.console.release.RunObject;
import dev.linnet.console.release.Told;
import dev.linnet.console.release.Versions;
import dev.linnet.console.traffic.Point;
import dev.linnet.console.traffic.Readings;
import dev.linnet.console.view.Figures;
import dev.linnet.console.view.ReleaseView;
import dev.linnet.console.view.ReleaseView.MetricRow;
import dev.linnet.rollout.evidence.PersonAction.Verb;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.MetricCheck.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A release while somebody looks at it. */
final class ReleaseParts implements LiveParts {
    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final Duration BETWEEN_PODS = Duration.ofSeconds(2);
    private static final int MOST_TOLD = 200;

    private final Desk desk;
    private final Visit visit;
    private final String namespace;
    private final String name;
    private final Readings.Look look;
    private final Curves curves = new Curves();
    private Release release;
    private Versions versions = Versions.HIDDEN;
    private Instant versionsAt = Instant.EPOCH;

    ReleaseParts(Desk desk, Visit visit, Release release) {
        this.desk = desk;
        this.visit = visit;
        this.release = release;
        this.namespace = release.namespace();
        this.name = release.name();
        this.look = desk.readings().look(release.key());
    }

    ReleaseView view() {
        release = desk.releases().find(namespace, name).orElse(release);
        Point last = desk.readings().last(release.key(), WINDOW);
        Rights rights = visit.who().rights();
        return new ReleaseView(
                visit.frame(desk.assets(), "releases", release.name()),
                release,
                versions(),
                last,
                desk.readings().answered(),
                metrics(),
                told(),
                desk.releases().runs(namespace, name).stream()
                        .filter(run -> run.number() > 0 && run.isOver())
                        .toList(),
                rights.may(Rights.Act.steerReleases(namespace)),
                Verb.named(visit.query().get("said"))
                        .map(verb -> visit.words().say("do." + verb.word()))
                        .orElse(""));
    }

    private List<Told> told() {
        return desk.releases().told(namespace, name).stream().limit(MOST_TOLD).toList();
    }

    private Versions versions() {
        Instant now = desk.clock().instant();
        if (now.isAfter(versionsAt.plus(BETWEEN_PODS))) {
            versions = Workloads.read(release, visit.who().person().client());
            versionsAt = now;
        }
        return versions;
    }

    private List<MetricRow> metrics() {
        return release.plan().stream()
                .flatMap(plan -> plan.release().analysis().checks().metrics().stream())
                .map(this::row)
                .toList();
    }

    /** Built-in metrics are worked out as the controller does it, while there are requests; all others only the controller can ask. */
    private MetricRow row(MetricCheck check) {
        return switch (check.source()) {
            case Source.SuccessRate _ -> {
                double now = window(check).canary().successRate();
                yield row(check, now, Figures.percent(now), " %");
            }
            case Source.RequestDuration _ -> {
                double now = Math.floor(window(check).canary().meanMillis());
                yield row(check, now, Figures.millis(now), " ms");
            }
            case Source.Inline _, Source.Template _, Source.Nothing _ -> row(check, Double.NaN, "", "");
        };
    }

    private Point window(MetricCheck check) {
        return desk.readings().last(release.key(), check.interval().isZero() ? release.interval() : check.interval());
    }

    private MetricRow row(MetricCheck check, double now, String text, String unit) {
        String expected = ReleaseView.range(check.range(), unit);
        if (!Double.isNaN(now)) {
            return new MetricRow(
                    check.name(), expected, text + unit, check.range().accepts(now) ? "pass" : "fail", "");
        }
        Optional<RunObject.Judged> judged = release.run().flatMap(run -> run.judged(check.name()));
        OptionalDouble value = judged.map(RunObject.Judged::value).orElseGet(OptionalDouble::empty);
        return new MetricRow(
                check.name(),
                expected,
                value.isPresent() ? Figures.plain(value.getAsDouble()) + unit : "–",
                judged.map(RunObject.Judged::verdict).orElse("none"),
                judged.map(RunObject.Judged::why).orElse(""));
    }

    @Override
    public Map<String, String> now() {
        ReleaseView view = view();
        Map<String, String> parts = new LinkedHashMap<>();
        for (String part : List.of("Head", "Versions", "Metrics", "Timeline", "Pods", "Diff", "Runs")) {
            parts.put(part, desk.templates().render("release" + part, view));
        }
        parts.put("points", curves.news(desk.readings().points(release.key(), curves.sent())));
        return parts;
    }

    @Override
    public void close() {
        look.close();
    }
}
