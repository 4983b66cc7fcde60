package dev.linnet.console.web;

import dev.linnet.console.access.Rights;
import dev.linnet.console.release.RunObject;
import dev.linnet.console.release.Told;
import dev.linnet.console.view.Frame;
import dev.linnet.console.view.HistoryView;
import dev.linnet.console.view.RunView;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Past runs. */
final class HistoryPages {
    private static final int MOST = 500;

    private final Desk desk;

    HistoryPages(Desk desk) {
        this.desk = desk;
    }

    Reply list(Visit visit) {
        return desk.page(visit.part() ? "historyPart" : "history", listView(visit));
    }

    LiveParts liveList(Visit visit) {
        return new Seldom(desk, () -> Map.of("runs", desk.templates().render("historyRuns", listView(visit))));
    }

    private HistoryView listView(Visit visit) {
        String text = visit.query().get("q").strip();
        Rights rights = visit.who().rights();
        List<RunObject> all = desk.releases().runs().stream()
                .filter(run -> run.number() > 0 && rights.sees(run.namespace()))
                .toList();
        List<RunObject> found = all.stream()
                .filter(run -> has(visit, run, text.toLowerCase(Locale.ROOT)))
                .limit(MOST)
                .toList();
        return new HistoryView(desk.frame(visit, "history"), text, found, all.size());
    }

    private static boolean has(Visit visit, RunObject run, String text) {
        String phase =
                run.phase() + " " + visit.words().say("phase." + run.phase().name());
        String all = run.namespace() + "/" + run.canary() + " " + phase + " " + run.ending();
        return all.toLowerCase(Locale.ROOT).contains(text);
    }

    Reply one(Visit visit) {
        return find(visit).map(run -> desk.page("run", view(visit, run))).orElseGet(() -> desk.missing(visit));
    }

    /** A run, and then what becomes of it; one that is not kept any more stays as it was. */
    Optional<LiveParts> liveOne(Visit visit) {
        return find(visit)
                .map(run -> new Seldom(
                        desk,
                        () -> find(visit)
                                .map(now -> Map.of("run", desk.templates().render("runPart", view(visit, now))))
                                .orElse(Map.of())));
    }

    private Optional<RunObject> find(Visit visit) {
        String namespace = visit.segment(1);
        return visit.who().rights().sees(namespace)
                ? desk.releases().run(namespace, visit.segment(2))
                : Optional.empty();
    }

    private RunView view(Visit visit, RunObject run) {
        List<Told> told = desk.releases().told(run.namespace(), run.canary()).stream()
                .filter(message -> message.isOf(run.number()))
                .toList();
        Frame frame = visit.frame(desk.assets(), "history", visit.words().say("run.title", run.number(), run.canary()));
        return new RunView(frame, run, told);
    }
}
