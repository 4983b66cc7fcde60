package dev.linnet.gateway.policy;

import dev.linnet.gateway.aside.Names;
import dev.linnet.gateway.exchange.Loop;
import dev.linnet.gateway.exchange.Manner;
import dev.linnet.gateway.exchange.Visit;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.http.ResponseHead;
import dev.linnet.gateway.http.Variables;
import dev.linnet.gateway.policy.Inquiry.Reply;
import dev.linnet.gateway.policy.Opinion.Refused;
import dev.linnet.numbers.Failure;
import dev.linnet.numbers.Method;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.Rule;
import dev.linnet.routing.policy.Access.Cache;
import dev.linnet.routing.policy.Access.Leave;
import dev.linnet.routing.policy.CallerOptions.Line;
import dev.linnet.routing.policy.Template;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Asks somebody else for leave (spec of ingress-nginx, §4.4, {@code auth-url}). Only a clear yes is one: whoever cannot be reached, is
 * late, or answers anything but 2xx, 401 or 403, has not given it.
 */
final class LeaveGate implements Gate {
    private static final Refused UNCLEAR = Refused.of(500, "whoever gives leave has not");
    private static final String PARAMETERS = "?&";

    private final Leave leave;
    private final Rule rule;
    private final Loop loop;
    private final Method method;
    private final Whereabouts whereabouts;
    private final Leaves leaves;

    LeaveGate(Leave leave, Rule rule, Loop loop, Names names, Leaves leaves) {
        this.leave = leave;
        this.rule = rule;
        this.loop = loop;
        this.method = leave.method().equals("HEAD") ? Method.HEAD : Method.GET;
        this.whereabouts = new Whereabouts(leave.url(), loop, names);
        this.leaves = leaves;
    }

    /**
     * One question.
     *
     * @param signIn where the client is sent if the answer is 401
     * @param key    under which the answer is kept
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Question(
            Visit visit,
            String host,
            byte[] head,
            Optional<String> signIn,
            Optional<String> key,
            Consumer<Opinion> then) {}

    @Override
    public void ask(Visit visit, Consumer<Opinion> then) {
        RequestHead head = visit.headAgain();
        Variables variables = new Variables(head, visit.caller(), rule.host());
        Optional<String> signIn = leave.signIn().map(url -> signIn(url, variables));
        Optional<String> key = leave.cache().map(cache -> key(cache, variables));
        Optional<Decision> known = key.flatMap(leaves::find);
        if (known.isPresent()) {
            then.accept(opinion(visit, signIn, known.get()));
            return;
        }
        Optional<String> host = whereabouts.host(variables);
        if (host.isEmpty()) {
            then.accept(UNCLEAR);
            return;
        }
        byte[] asked = LeaveRequest.head(leave, whereabouts.hostAndPort(host.get()), visit, head, variables);
        Question question = new Question(visit, host.get(), asked, signIn, key, then);
        whereabouts.find(question.host, visit::hold, found -> {
            if (visit.isOver()) {
                return; // the client is gone
            }
            found.ifPresentOrElse(endpoint -> ask(question, endpoint), () -> then.accept(UNCLEAR));
        });
    }

    private String key(Cache cache, Variables variables) {
        return Leaves.key(List.of(
                rule.source().toString(),
                variables.host(),
                rule.path().path(),
                leave.url().toString(),
                variables.fill(cache.key())));
    }

    private void ask(Question question, Endpoint endpoint) {
        question.visit.hold();
        Manner manner = whereabouts.manner(question.host);
        Inquiry inquiry = new Inquiry(
                loop, endpoint, manner, question.head, method, rule.limits(), reply -> heard(question, reply));
        question.visit.whenAbandoned(inquiry::abandon);
        inquiry.ask();
    }

    private void heard(Question question, Reply reply) {
        switch (reply) {
            case Reply.Failed(Failure failure) -> question.then.accept(new Refused(500, failure, UNCLEAR.reason(), ""));
            case Reply.Answered(ResponseHead head) -> {
                Decision decision = decision(head);
                keep(question, head, decision);
                question.then.accept(opinion(question.visit, question.signIn, decision));
            }
        }
    }

    private Decision decision(ResponseHead head) {
        List<Line> passedOn = new ArrayList<>();
        for (String name : leave.passedOn()) {
            values(head, name).forEach(value -> passedOn.add(new Line(name, value)));
        }
        return new Decision(head.status(), passedOn, values(head, "set-cookie"), values(head, "www-authenticate"));
    }

    private static List<String> values(ResponseHead head, String name) {
        byte[] wanted = name.getBytes(StandardCharsets.US_ASCII);
        List<String> values = new ArrayList<>();
        for (int line = head.next(wanted, 0); line >= 0; line = head.next(wanted, line + 1)) {
            values.add(head.value(line));
        }
        return values;
    }

    /** Unless the answer is for one client only, or says that it must not be kept. */
    private void keep(Question question, ResponseHead head, Decision decision) {
        Optional<Duration> duration = leave.cache()
                .flatMap(cache -> Optional.ofNullable(cache.duration().get(decision.status())));
        String control = String.join(",", values(head, "cache-control")).toLowerCase(Locale.ROOT);
        boolean mayBe = decision.cookies().isEmpty()
                && !control.contains("no-store")
                && !control.contains("no-cache")
                && !control.contains("private");
        if (mayBe && duration.isPresent()) {
            question.key.ifPresent(key -> leaves.keep(key, decision, duration.get()));
        }
    }

    private Opinion opinion(Visit visit, Optional<String> signIn, Decision decision) {
        if (decision.allows()) {
            allow(visit, decision);
            return Opinion.ALLOWED;
        }
        StringBuilder headers = new StringBuilder();
        decision.cookies().forEach(cookie -> line(headers, "Set-Cookie", cookie));
        if (decision.status() == 401 && signIn.isPresent()) {
            line(headers, "Location", signIn.get());
            return new Refused(302, Failure.NONE, "", headers.toString());
        }
        decision.authenticate().forEach(how -> line(headers, "WWW-Authenticate", how));
        return decision.status() == 401 || decision.status() == 403
                ? new Refused(decision.status(), Failure.NONE, "", headers.toString())
                : UNCLEAR;
    }

    private void allow(Visit visit, Decision decision) {
        decision.passedOn().forEach(line -> visit.requestEdits().add(line.name(), line.value()));
        for (String cookie : decision.cookies()) {
            if (leave.alwaysCookies()) {
                visit.responseEdits().add("Set-Cookie", cookie);
            } else {
                visit.responseEdits().addCookieToGood(cookie);
            }
        }
    }

    private static void line(StringBuilder to, String name, String value) {
        to.append(name).append(": ").append(value).append("\r\n");
    }

    /** With where to come back to, unless the author has seen to that. */
    private String signIn(Template url, Variables variables) {
        String filled = variables.fillUrl(url);
        String parameter = leave.signInParameter() + "=";
        int query = url.text().indexOf('?');
        for (int at = query; at >= 0 && at < url.text().length(); at++) {
            if (PARAMETERS.indexOf(url.text().charAt(at)) >= 0 && url.text().startsWith(parameter, at + 1)) {
                return filled;
            }
        }
        return filled + (query < 0 ? "?" : "&") + parameter + variables.caller().scheme() + "://"
                + Variables.escape(variables.host(), false) + Variables.escape(variables.uri(), true);
    }
}
