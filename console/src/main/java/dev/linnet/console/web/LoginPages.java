package dev.linnet.console.web;

import dev.linnet.console.access.Person;
import dev.linnet.console.access.Session;
import dev.linnet.console.access.Sessions;
import dev.linnet.console.oidc.OidcException;
import dev.linnet.console.oidc.OidcLogin;
import dev.linnet.console.view.LoginView;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Coming in and going out. */
final class LoginPages {
    private static final Logger LOG = LoggerFactory.getLogger(LoginPages.class);

    private final Desk desk;
    private final Sessions sessions;
    private final Entrances entrances;
    private final CookieName cookie;

    LoginPages(Desk desk, Sessions sessions, Entrances entrances, CookieName cookie) {
        this.desk = desk;
        this.sessions = sessions;
        this.entrances = entrances;
        this.cookie = cookie;
    }

    Reply login(Visit visit) {
        if (visit.segment(1).equals("oidc") && entrances.oidc().isPresent()) {
            OidcLogin provider = entrances.oidc().get();
            return visit.segment(2).equals("return") ? fromProvider(visit, provider) : toProvider(visit, provider);
        }
        if (visit.isPost()) {
            return byToken(visit);
        }
        String key = visit.query().get("key");
        return key.isEmpty() ? form(visit, 200, "") : byKey(visit, key);
    }

    private Reply byKey(Visit visit, String key) {
        if (visit.session().isPresent()
                && entrances
                        .owner()
                        .filter(known -> known.key().current().equals(key))
                        .isEmpty()) {
            return Reply.seeOther("/releases"); // the same link again, by somebody who is in
        }
        return entrances
                .owner()
                .filter(known -> known.key().redeem(key))
                .map(known -> begin(known.person(), visit, next(visit)))
                .orElseGet(() -> form(visit, 403, "login.bad.link"));
    }

    private Reply byToken(Visit visit) {
        try {
            return entrances
                    .tokens()
                    .person(visit.sent().get("token").strip())
                    .map(person -> begin(person, visit, next(visit)))
                    .orElseGet(() -> form(visit, 403, "login.bad"));
        } catch (KubernetesClientException _) {
            return form(visit, 503, "login.down");
        }
    }

    private Reply toProvider(Visit visit, OidcLogin provider) {
        try {
            OidcLogin.Departure departure = provider.begin(next(visit));
            return Reply.seeOther(departure.page().toString())
                    .with("Set-Cookie", cookie.departing(departure.state(), OidcLogin.LONGEST));
        } catch (OidcException e) {
            LOG.atWarn().setCause(e).log("nobody can sign in with the OpenID Connect provider");
            return form(visit, 503, "login.oidc.down");
        }
    }

    private Reply fromProvider(Visit visit, OidcLogin provider) {
        Form query = visit.query();
        if (!query.get("error").isEmpty()) {
            return form(visit, 403, "login.oidc.refused");
        }
        try {
            OidcLogin.Guest guest = provider.finish(new OidcLogin.Arrival(
                    query.get("code"),
                    query.get("state"),
                    visit.cookies().getOrDefault(cookie.departure(), ""),
                    query.get("iss")));
            return entrances
                    .tokens()
                    .person(guest.token())
                    .map(person -> begin(person, visit, guest.next()))
                    .orElseGet(() -> form(visit, 403, "login.oidc.stranger"));
        } catch (OidcException e) {
            LOG.atInfo().addKeyValue("cause", e.getMessage()).log("somebody comes from the provider and is not let in");
            return form(visit, 403, "login.oidc.refused");
        } catch (KubernetesClientException _) {
            return form(visit, 503, "login.down");
        }
    }

    private Reply begin(Person person, Visit visit, String next) {
        visit.session().ifPresent(sessions::end);
        Session session = sessions.begin(person);
        return Reply.seeOther(next).with("Set-Cookie", cookie.set(session.id()));
    }

    /** Where somebody wants to go: only to pages of ours. */
    private static String next(Visit visit) {
        String next = visit.isPost() ? visit.sent().get("next") : visit.query().get("next");
        return next.matches("/[A-Za-z0-9][^\\\\\\p{Cntrl}]*") ? next : "/releases";
    }

    private Reply form(Visit visit, int status, String problem) {
        String text = problem.isEmpty() ? "" : visit.words().say(problem);
        LoginView view = new LoginView(
                desk.frame(visit, "login"),
                next(visit),
                text,
                entrances.owner().isPresent(),
                entrances.oidc().map(OidcLogin::name).orElse(""));
        return Reply.html(status, desk.templates().render("login", view));
    }

    Reply logout(Visit visit) {
        visit.session().ifPresent(sessions::end);
        return Reply.seeOther("/login").with("Set-Cookie", cookie.forget());
    }

    /** Whether the API knows somebody no more: their token has ended, or they are gone. */
    static boolean isUnknown(RuntimeException cause) {
        return cause instanceof KubernetesClientException refused
                && refused.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED;
    }
}
