package dev.linnet.console.web;

import dev.linnet.console.cluster.Releases;
import dev.linnet.console.traffic.Gateways;
import dev.linnet.console.traffic.Readings;
import dev.linnet.console.view.ErrorView;
import dev.linnet.console.view.Frame;
import java.time.InstantSource;

/** What all pages are made with. */
record Desk(
        Releases releases,
        Readings readings,
        Gateways gateways,
        Templates templates,
        Assets assets,
        InstantSource clock) {

    Frame frame(Visit visit, String section) {
        return visit.frame(assets, section, visit.words().say(section + ".title"));
    }

    Reply page(String template, Object view) {
        return Reply.html(200, templates.render(template, view));
    }

    /** A page that says why there is none. */
    Reply error(Visit visit, int status, String text, String hint) {
        Frame frame = visit.frame(assets, "", visit.words().say("error.title"));
        return Reply.html(status, templates.render("error", new ErrorView(frame, text, hint)));
    }

    Reply missing(Visit visit) {
        return error(visit, 404, visit.words().say("error.404"), "");
    }
}
