package dev.linnet.console.web;

import dev.linnet.console.access.Rights;
import dev.linnet.console.access.Session;
import dev.linnet.console.cluster.Action;
import dev.linnet.console.release.Listing;
import dev.linnet.console.release.Release;
import dev.linnet.console.view.ConfirmView;
import dev.linnet.console.view.ReleasesView;
import dev.linnet.rollout.evidence.PersonAction.Verb;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The list of releases, one release, and what a person can do to it. */
final class ReleasePages {
    private final Desk desk;

    ReleasePages(Desk desk) {
        this.desk = desk;
    }

    Reply list(Visit visit) {
        return desk.page(visit.part() ? "releasesPart" : "releases", listView(visit));
    }

    private ReleasesView listView(Visit visit) {
        Form query = visit.query();
        Listing listing = Listing.of(query.get("q"), query.get("show"), query.get("sort"), query.get("to"));
        Rights rights = visit.who().rights();
        List<Release> all = desk.releases().all().stream()
                .filter(release -> rights.sees(release.namespace()))
                .toList();
        List<Integer> counts = Arrays.stream(Listing.Group.values())
                .map(group -> (int) all.stream().filter(group::has).count())
                .toList();
        return new ReleasesView(
                desk.frame(visit, "releases"),
                listing,
                listing.of(all),
                all.size(),
                counts,
                desk.releases().isComplete(),
                desk.releases().failure());
    }

    LiveParts liveList(Visit visit) {
        return () -> {
            ReleasesView view = listView(visit);
            return Map.of(
                    "groups", desk.templates().render("releasesGroups", view),
                    "rows", desk.templates().render("releasesRows", view));
        };
    }

    /** The release of an address, if the person may see it. */
    Optional<Release> find(Visit visit) {
        String namespace = visit.segment(1);
        return visit.who().rights().sees(namespace)
                ? desk.releases().find(namespace, visit.segment(2))
                : Optional.empty();
    }

    Reply one(Visit visit) throws InterruptedException {
        Optional<Release> release = find(visit);
        if (release.isEmpty()) {
            return missing(visit);
        }
        try (ReleaseParts parts = new ReleaseParts(desk, visit, release.get())) {
            return desk.page("release", parts.view());
        }
    }

    private Reply missing(Visit visit) {
        String name = visit.segment(1) + "/" + visit.segment(2);
        return desk.error(
                visit,
                404,
                visit.words().say("release.missing", name),
                visit.words().say("release.missing.hint"));
    }

    /** What an action would do, to be confirmed. */
    Reply confirm(Visit visit) {
        Optional<Release> release = find(visit);
        Optional<Verb> verb = Verb.named(visit.query().get("do"));
        if (release.isEmpty()) {
            return missing(visit);
        }
        if (verb.isEmpty()) {
            return unknown(visit, visit.query().get("do"));
        }
        ConfirmView view = new ConfirmView(
                visit.frame(desk.assets(), "releases", release.get().name()), release.get(), verb.get());
        return desk.page(visit.part() ? "confirmPart" : "confirm", view);
    }

    private Reply unknown(Visit visit, String word) {
        return desk.error(visit, 400, visit.words().say("do.unknown", word), "");
    }

    /** Does it, with the person's own rights. */
    Reply act(Visit visit) {
        Optional<Release> release = find(visit);
        Optional<Verb> verb = Verb.named(visit.sent().get("do"));
        if (release.isEmpty()) {
            return missing(visit);
        }
        if (verb.isEmpty()) {
            return unknown(visit, visit.sent().get("do"));
        }
        Session session = visit.who();
        try {
            new Action(
                            release.get().namespace(),
                            release.get().name(),
                            verb.get(),
                            desk.clock().instant())
                    .write(session.person());
        } catch (KubernetesClientException e) {
            String why = e.getStatus() == null
                    ? "HTTP " + e.getCode()
                    : e.getStatus().getMessage();
            return desk.error(visit, 403, visit.words().say("do.refused", why), "");
        }
        return Reply.seeOther(
                "/release/" + release.get().key() + "?said=" + verb.get().word());
    }

    LiveParts liveOne(Visit visit, Release release) {
        return new ReleaseParts(desk, visit, release);
    }
}
