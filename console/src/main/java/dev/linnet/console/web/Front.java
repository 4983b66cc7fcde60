package dev.linnet.console.web;

import dev.linnet.console.access.Session;
import dev.linnet.console.access.Sessions;
import dev.linnet.console.release.Release;
import dev.linnet.console.words.Words;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All paths: what is open to everybody, who must sign in first, and which page answers. */
final class Front extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(Front.class);
    private static final int LARGEST_FORM = 64 * 1024;
    private static final int SMALLEST_PACKED = 1_024;

    private final Guard guard;
    private final CookieName cookie;
    private final Sessions sessions;
    private final Desk desk;
    private final EventStream stream;
    private final LoginPages login;
    private final ReleasePages releases;
    private final HistoryPages history;
    private final GatewayPages gateways;
    private final GraphPages graph;

    Front(Guard guard, CookieName cookie, Sessions sessions, Desk desk, LoginPages login, EventStream stream) {
        this.guard = guard;
        this.cookie = cookie;
        this.sessions = sessions;
        this.desk = desk;
        this.login = login;
        this.stream = stream;
        this.releases = new ReleasePages(desk);
        this.history = new HistoryPages(desk);
        this.gateways = new GatewayPages(desk);
        this.graph = new GraphPages(desk);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        protect(response.getHeaders());
        String path = Request.getPathInContext(request);
        if (path.equals("/healthz")) {
            return send(Reply.text(200, "ok"), request, response, callback);
        }
        Optional<String> refusal = guard.refusal(request);
        if (refusal.isPresent()) {
            return send(Reply.text(403, refusal.get()), request, response, callback);
        }
        Optional<Reply> asset = desk.assets().find(path);
        if (asset.isPresent()) {
            return send(asset.get(), request, response, callback);
        }
        Visit visit;
        try {
            visit = visit(request);
        } catch (IllegalArgumentException e) {
            return send(Reply.text(400, String.valueOf(e.getMessage())), request, response, callback);
        }
        if (visit.segment(0).equals("live") && visit.session().isPresent()) {
            return live(visit, request, response, callback);
        }
        return send(remembering(visit, answer(visit)), request, response, callback);
    }

    private static void protect(HttpFields.Mutable headers) {
        headers.put("Content-Security-Policy", Guard.POLICY);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Frame-Options", "DENY");
        // Not no-referrer: then browsers send forms with Origin null, which the guard refuses.
        headers.put("Referrer-Policy", "same-origin");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    }

    private static Reply crowded() {
        return Reply.text(503, "there are " + EventStream.MOST + " live pages already");
    }

    private Visit visit(Request request) throws IOException {
        Map<String, String> cookies = new HashMap<>();
        for (HttpCookie sent : Request.getCookies(request)) {
            cookies.putIfAbsent(sent.getName(), sent.getValue());
        }
        Form query = Form.of(request.getHttpURI().getQuery());
        String accepted = Optional.ofNullable(request.getHeaders().get(HttpHeader.ACCEPT_LANGUAGE))
                .orElse("");
        List<String> path = Arrays.stream(
                        Request.getPathInContext(request).substring(1).split("/", -1))
                .toList();
        return new Visit(
                request.getMethod(),
                path,
                query,
                request.getMethod().equals("POST") ? sent(request) : Form.EMPTY,
                cookies,
                sessions.find(cookies.getOrDefault(cookie.name(), "")),
                Words.in(Visit.language(query, cookies, accepted)),
                request.getHeaders().contains("HX-Request"),
                request.getHttpURI().getPathQuery());
    }

    private static Form sent(Request request) throws IOException {
        InputStream in = Content.Source.asInputStream(request);
        byte[] body = in.readNBytes(LARGEST_FORM + 1);
        if (body.length > LARGEST_FORM) {
            throw new IllegalArgumentException("the form has more than " + LARGEST_FORM + " bytes");
        }
        return Form.of(new String(body, StandardCharsets.UTF_8));
    }

    private Reply answer(Visit visit) throws InterruptedException {
        if (visit.segment(0).equals("login")) {
            return login.login(visit);
        }
        if (visit.session().isEmpty()) {
            return signIn(visit);
        }
        if (visit.isPost() && !visit.who().gave(visit.sent().get("key"))) {
            return desk.error(visit, 403, visit.words().say("error.403", "the form is not of this session"), "");
        }
        try {
            return visit.isPost() ? done(visit) : shown(visit);
        } catch (RuntimeException e) {
            if (LoginPages.isUnknown(e)) {
                sessions.end(visit.who());
                return signIn(visit);
            }
            LOG.atError().addKeyValue("path", visit.here()).setCause(e).log("a page could not be made");
            return desk.error(visit, 500, visit.words().say("error.500"), "");
        }
    }

    private static Reply signIn(Visit visit) {
        if (visit.part() || visit.segment(0).equals("live")) {
            return Reply.text(401, "sign in first").with("HX-Redirect", "/login");
        }
        boolean plain = visit.here().equals("/") || visit.here().startsWith("/releases");
        return Reply.seeOther(
                plain ? "/login" : "/login?next=" + URLEncoder.encode(visit.here(), StandardCharsets.UTF_8));
    }

    private Reply done(Visit visit) {
        return switch (visit.segment(0)) {
            case "logout" -> login.logout(visit);
            case "release" -> releases.act(visit);
            default -> desk.missing(visit);
        };
    }

    private Reply shown(Visit visit) throws InterruptedException {
        return switch (visit.segment(0)) {
            case "" -> Reply.seeOther("/releases");
            case "releases" -> releases.list(visit);
            case "release" -> visit.segment(3).equals("confirm") ? releases.confirm(visit) : releases.one(visit);
            case "history" -> history.list(visit);
            case "run" -> history.one(visit);
            case "graph" -> graph.page(visit);
            case "routes" -> gateways.routes(visit);
            case "explain" -> gateways.explain(visit);
            default -> desk.missing(visit);
        };
    }

    /** What the address chose is kept. */
    private static Reply remembering(Visit visit, Reply reply) {
        String chosen = visit.query().get("lang");
        return chosen.equals(visit.words().language().tag()) && !reply.headers().containsKey("Set-Cookie")
                ? reply.with("Set-Cookie", Visit.LANGUAGE + "=" + chosen + "; Path=/; Max-Age=31536000; SameSite=Lax")
                : reply;
    }

    private boolean live(Visit visit, Request request, Response response, Callback callback)
            throws InterruptedException {
        Optional<LiveParts> parts = parts(visit);
        if (parts.isEmpty()) {
            return send(Reply.text(404, "there is nothing to see here"), request, response, callback);
        }
        Session session = visit.who();
        LiveParts live = new WhileKnown(parts.get(), () -> sessions.end(session));
        if (!stream.serve(response, live, () -> sessions.isOpen(session))) {
            return send(crowded(), request, response, callback);
        }
        callback.succeeded();
        return true;
    }

    /** Parts for somebody until the API knows them no more. */
    private record WhileKnown(LiveParts parts, Runnable expel) implements LiveParts {
        @Override
        public Map<String, String> now() throws InterruptedException {
            try {
                return parts.now();
            } catch (KubernetesClientException e) {
                if (!LoginPages.isUnknown(e)) {
                    throw e;
                }
                expel.run();
                return Map.of();
            }
        }

        @Override
        public void close() {
            parts.close();
        }
    }

    /** The address is that of the page, after {@code /live}. */
    private Optional<LiveParts> parts(Visit live) {
        Visit page = live.shortened();
        return switch (page.segment(0)) {
            case "releases" -> Optional.of(releases.liveList(page));
            case "graph" -> Optional.of(graph.live(page));
            case "routes" -> Optional.of(gateways.liveRoutes(page));
            case "history" -> Optional.of(history.liveList(page));
            case "run" -> history.liveOne(page);
            case "release" -> {
                Optional<Release> release = releases.find(page);
                yield release.map(found -> releases.liveOne(page, found));
            }
            default -> Optional.empty();
        };
    }

    private static boolean send(Reply reply, Request request, Response response, Callback callback) {
        response.setStatus(reply.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.type());
        reply.headers().forEach(response.getHeaders()::put);
        response.getHeaders().put(HttpHeader.VARY, "Accept-Encoding, Accept-Language, Cookie, HX-Request");
        byte[] body = reply.body();
        String encodings = Optional.ofNullable(request.getHeaders().get(HttpHeader.ACCEPT_ENCODING))
                .orElse("");
        if (!reply.headers().containsKey("Content-Encoding")
                && body.length >= SMALLEST_PACKED
                && encodings.contains("gzip")) {
            body = Assets.packed(body);
            response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
        }
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        boolean withBody = !request.getMethod().equals("HEAD");
        response.write(true, withBody ? ByteBuffer.wrap(body) : ByteBuffer.allocate(0), callback);
        return true;
    }
}
