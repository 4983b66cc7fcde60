package dev.linnet.console.web;

import dev.linnet.console.access.Session;
import dev.linnet.console.view.Frame;
import dev.linnet.console.words.Language;
import dev.linnet.console.words.Words;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request, read.
 *
 * @param path    its segments, decoded
 * @param query   what follows the question mark
 * @param sent    the form in its body
 * @param session whose it is; empty for nobody's
 * @param part    whether a script asks for a part of a page rather than a browser for a page
 * @param here    path and query as they came
 */
record Visit(
        String method,
        List<String> path,
        Form query,
        Form sent,
        Map<String, String> cookies,
        Optional<Session> session,
        Words words,
        boolean part,
        String here) {
    static final String LANGUAGE = "linnet-language";
    static final String THEME = "linnet-theme";

    Visit {
        path = List.copyOf(path);
        cookies = Map.copyOf(cookies);
    }

    boolean isPost() {
        return method.equals("POST");
    }

    /** A segment of the path; empty if it has fewer. */
    String segment(int index) {
        return index < path.size() ? path.get(index) : "";
    }

    /** Without the first segment of its path. */
    Visit shortened() {
        return new Visit(method, path.subList(1, path.size()), query, sent, cookies, session, words, part, here);
    }

    Session who() {
        return session.orElseThrow(() -> new IllegalStateException("nobody is signed in"));
    }

    Frame frame(Assets assets, String section, String title) {
        String theme = cookies.getOrDefault(THEME, "");
        return new Frame(
                words,
                section,
                title,
                session.map(known -> known.person().name()).orElse(""),
                session.map(Session::formKey).orElse(""),
                theme.equals("light") || theme.equals("dark") ? theme : "",
                here,
                assets::address);
    }

    /** What the address chooses, else the cookie, else the browser. */
    static Language language(Form query, Map<String, String> cookies, String accepted) {
        return Language.named(query.get("lang"))
                .or(() -> Language.named(cookies.getOrDefault(LANGUAGE, "")))
                .orElseGet(() -> Language.preferred(accepted));
    }
}
