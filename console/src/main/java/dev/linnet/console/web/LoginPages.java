package dev.linnet.console.web;

import dev.linnet.console.access.Owner;
import dev.linnet.console.access.Person;
import dev.linnet.console.access.Session;
import dev.linnet.console.access.Sessions;
import dev.linnet.console.access.TokenLogin;
import dev.linnet.console.view.LoginView;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** Coming in and going out. */
final class LoginPages {
    private final Desk desk;
    private final Sessions sessions;
    private final TokenLogin tokens;
    private final Optional<Owner> owner;
    private final CookieName cookie;

    LoginPages(Desk desk, Sessions sessions, TokenLogin tokens, Optional<Owner> owner, CookieName cookie) {
        this.desk = desk;
        this.sessions = sessions;
        this.tokens = tokens;
        this.owner = owner;
        this.cookie = cookie;
    }

    Reply login(Visit visit) {
        if (visit.isPost()) {
            return byToken(visit);
        }
        String key = visit.query().get("key");
        return key.isEmpty() ? form(visit, 200, "") : byKey(visit, key);
    }

    private Reply byKey(Visit visit, String key) {
        if (visit.session().isPresent()
                && owner.filter(known -> known.key().current().equals(key)).isEmpty()) {
            return Reply.seeOther("/releases"); // the same link again, by somebody who is in
        }
        if (owner.isEmpty() || !owner.get().key().redeem(key)) {
            return form(visit, 403, "login.bad.link");
        }
        return begin(owner.get().person(), visit);
    }

    private Reply byToken(Visit visit) {
        try {
            return tokens.person(visit.sent().get("token").strip())
                    .map(person -> begin(person, visit))
                    .orElseGet(() -> form(visit, 403, "login.bad"));
        } catch (KubernetesClientException _) {
            return form(visit, 503, "login.down");
        }
    }

    private Reply begin(Person person, Visit visit) {
        visit.session().ifPresent(sessions::end);
        Session session = sessions.begin(person);
        return Reply.seeOther(safe(next(visit))).with("Set-Cookie", cookie.set(session.id()));
    }

    private static String next(Visit visit) {
        return visit.isPost() ? visit.sent().get("next") : visit.query().get("next");
    }

    /** Only pages of ours. */
    private static String safe(String next) {
        return next.matches("/[A-Za-z0-9][^\\\\\\p{Cntrl}]*") ? next : "/releases";
    }

    private Reply form(Visit visit, int status, String problem) {
        String text = problem.isEmpty() ? "" : visit.words().say(problem);
        LoginView view = new LoginView(desk.frame(visit, "login"), next(visit), text, owner.isPresent());
        return Reply.html(status, desk.templates().render("login", view));
    }

    Reply logout(Visit visit) {
        visit.session().ifPresent(sessions::end);
        return Reply.seeOther("/login").with("Set-Cookie", cookie.forget());
    }
}
