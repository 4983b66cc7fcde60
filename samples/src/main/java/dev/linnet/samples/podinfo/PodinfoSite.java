package dev.linnet.samples.podinfo;

import dev.linnet.samples.Sample;
import dev.linnet.samples.serving.Call;
import dev.linnet.samples.serving.Reply;
import dev.linnet.samples.serving.Served;
import dev.linnet.samples.serving.Site;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

/** podinfo's HTTP API. */
final class PodinfoSite implements Site {
    private static final Set<String> GET = Set.of("GET", "HEAD");
    private static final Set<String> POST = Set.of("POST");
    private static final Set<String> WRITE = Set.of("POST", "PUT");
    private static final Set<String> GET_OR_POST = Set.of("GET", "HEAD", "POST");
    private static final Set<String> ANY = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    /** Longer waits help nobody and would outlive every client. */
    private static final int MAX_WAIT_SECONDS = 3600;

    private final Sample.Setting setting;
    private final Options options;
    private final Faults faults;
    private final Served served;
    private final JsonLog log;
    private final DoubleSupplier random;
    private final SelfPortrait self;
    private final Tokens tokens;
    private final Store store = new Store();
    private final Requests requests = new Requests();
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicBoolean ready;
    private final Map<String, Route> exact = new HashMap<>();
    private final Map<String, Route> prefixes = new TreeMap<>();

    /** @param open answers as if all were well, whatever the faults: people must be able to look and to repair */
    private record Route(String label, Set<String> methods, boolean open, Handler handler) {}

    private interface Handler {
        /** @param rest what follows the route's prefix; empty for an exact route */
        Reply handle(Call call, String rest) throws Exception;
    }

    PodinfoSite(
            Sample.Setting setting, Options options, Faults faults, Served served, JsonLog log, DoubleSupplier random) {
        this.setting = setting;
        this.options = options;
        this.faults = faults;
        this.served = served;
        this.log = log;
        this.random = random;
        this.self = new SelfPortrait(setting.pod(), options);
        this.tokens = new Tokens(options.tokenSecret(), Clock.systemUTC());
        this.ready = new AtomicBoolean(!options.unready());
        routes();
    }

    @Override
    public Reply answer(Call call) throws Exception {
        Route route = exact.get(call.path());
        String rest = "";
        if (route == null) {
            for (Map.Entry<String, Route> prefix : prefixes.entrySet()) {
                if (call.path().startsWith(prefix.getKey())) {
                    route = prefix.getValue();
                    rest = call.path().substring(prefix.getKey().length());
                }
            }
        }
        if (route == null) {
            return Reply.of(404, "text/plain; charset=utf-8", "404 page not found\n");
        }
        return route.methods.contains(call.method()) ? measured(route, call, rest) : Reply.empty(405);
    }

    /** The second port serves metrics and says that the process lives. */
    Reply answerOnMetricsPort(Call call) {
        return switch (call.path()) {
            case "/metrics" -> metrics();
            case "/healthz" -> Reply.of(200, "text/plain; charset=utf-8", "OK");
            default -> Reply.of(404, "text/plain; charset=utf-8", "404 page not found\n");
        };
    }

    /** Ends the instance as a crash would. */
    void crash(String reason) {
        log.line("Crashing", Map.of("reason", reason));
        served.die(1);
    }

    static Reply error(int status, String message) {
        Map<String, Object> body = new TreeMap<>();
        body.put("code", status);
        body.put("message", message);
        return Json.reply(status, body);
    }

    /** Bytes that a client sent, in a form that no browser takes for a page. */
    static Reply raw(int status, byte[] body) {
        return Reply.of(status, "application/octet-stream", body)
                .with("X-Content-Type-Options", "nosniff")
                .with("Content-Security-Policy", "default-src 'none'");
    }

    private void routes() {
        route("/", "root", GET, (call, _) -> wantsPage(call) ? self.page() : infoReply());
        route("/api/info", "api_info", GET, (_, _) -> infoReply());
        route("/version", "version", GET, (_, _) -> Json.reply(200, self.version()));
        route("/env", "env", GET_OR_POST, (_, _) -> Json.reply(200, env()));
        route("/headers", "headers", GET_OR_POST, (call, _) -> Json.reply(200, headers(call)));
        route("/panic", "panic", GET, (_, _) -> panic());
        route("/configs", "configs", GET, (_, _) -> Json.reply(200, Map.of()));
        route("/store", "store", WRITE, (call, _) -> store.write(call.body()));
        route("/token", "token", POST, (call, _) -> tokens.issue(new String(call.body(), StandardCharsets.UTF_8)));
        route("/token/validate", "token_validate", GET, (call, _) -> tokens.validate(call.header("Authorization")));
        route("/chunked", "chunked", ANY, (_, _) -> chunked(10 + (int) (random.getAsDouble() * 20)));
        for (String path : List.of("/echo", "/api/echo")) {
            String label = path.substring(1).replace('/', '_');
            route(path, label, ANY, (call, _) -> echo(call));
            prefix(path + "/", label, ANY, (call, _) -> echo(call));
        }
        prefix("/status/", "status", Set.of("GET", "HEAD", "POST", "PUT"), (_, rest) -> status(rest));
        prefix("/delay/", "delay", GET, (_, rest) -> delay(rest));
        prefix("/chunked/", "chunked_wait_0_9", ANY, (_, rest) -> chunked(number(rest, MAX_WAIT_SECONDS)));
        prefix("/store/", "store", GET, (_, rest) -> store.read(rest));
        prefix("/cache/", "cache", ANY, (_, _) -> error(400, "cache server is offline"));

        open("/healthz", "healthz", GET, (_, _) -> okUnless(options.unhealthy()));
        open(
                "/readyz",
                "readyz",
                GET,
                (_, _) -> okUnless(!ready.get() || faults.now().unready()));
        open("/readyz/enable", "readyz_enable", POST, (_, _) -> setReady(true));
        open("/readyz/disable", "readyz_disable", POST, (_, _) -> setReady(false));
        open("/metrics", "metrics", GET, (_, _) -> metrics());
        open("/fault", "fault", Set.of("GET", "POST", "DELETE"), (call, _) -> fault(call));
    }

    private void route(String path, String label, Set<String> methods, Handler handler) {
        exact.put(path, new Route(label, methods, false, handler));
    }

    private void prefix(String path, String label, Set<String> methods, Handler handler) {
        prefixes.put(path, new Route(label, methods, false, handler));
    }

    private void open(String path, String label, Set<String> methods, Handler handler) {
        exact.put(path, new Route(label, methods, true, handler));
    }

    private Reply measured(Route route, Call call, String rest) throws Exception {
        long start = System.nanoTime();
        active.incrementAndGet();
        int status = 500;
        try {
            Reply reply = route.open ? route.handler.handle(call, rest) : behaving(route, call, rest);
            status = reply.status();
            return reply;
        } catch (Call.BodyTooLarge e) {
            status = 413;
            throw e;
        } finally {
            active.decrementAndGet();
            requests.count(call.method(), route.label, status, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** Answers as well, or as badly, as it was told to. */
    private Reply behaving(Route route, Call call, String rest) throws Exception {
        Faults.Fault fault = faults.now();
        if (!fault.latency().isZero()) {
            served.pause(fault.latency());
        }
        if (!options.delay().isEmpty()) {
            int span = options.delay().getLast() - options.delay().getFirst();
            served.pause(Duration.ofMillis(options.delay().getFirst() + (long) (random.getAsDouble() * span)));
        }
        if (fault.errorRate() > 0 && random.getAsDouble() < fault.errorRate()) {
            String why = "this instance was told to fail " + fault.errorRate() * 100
                    + " % of its requests (FAULT_ERROR_RATE or POST /fault; DELETE /fault ends it)";
            return Json.reply(500, Map.of("code", 500, "version", options.version(), "message", why));
        }
        if (options.randomError() && random.getAsDouble() < 1.0 / 3) {
            return Reply.empty(List.of(500, 400, 409).get((int) (random.getAsDouble() * 3)));
        }
        return route.handler.handle(call, rest);
    }

    private Reply infoReply() {
        return Json.reply(200, self.shown(active.get())).with("X-Color", options.color());
    }

    private static boolean wantsPage(Call call) {
        return call.header("User-Agent").orElse("").startsWith("Mozilla")
                || call.header("Accept").orElse("").contains("text/html");
    }

    private List<String> env() {
        return new TreeMap<>(setting.env())
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList();
    }

    private Map<String, List<String>> headers(Call call) {
        Map<String, List<String>> all = call.headers();
        all.put("X-Api-Revision", List.of(SelfPortrait.REVISION));
        all.put("X-Api-Version", List.of(options.version()));
        return all;
    }

    private Reply echo(Call call) throws Exception {
        if (!options.backends().isEmpty()) {
            BackendCalls calls = new BackendCalls(setting.http(), options.backends(), options.version());
            return Json.reply(200, calls.all(call)).with("X-Color", options.color());
        }
        return raw(202, call.body()).with("X-Color", options.color());
    }

    private static Reply status(String rest) {
        int code = number(rest, 599);
        return code >= 200 ? Json.reply(code, Map.of("status", code)) : notANumber("status", rest, "200 to 599");
    }

    private Reply delay(String rest) throws InterruptedException {
        int seconds = number(rest, MAX_WAIT_SECONDS);
        if (seconds < 0) {
            return notANumber("delay", rest, "0 to " + MAX_WAIT_SECONDS + " seconds");
        }
        served.pause(Duration.ofSeconds(seconds));
        return Json.reply(200, Map.of("delay", seconds));
    }

    private static Reply chunked(int seconds) {
        return seconds < 0
                ? notANumber("wait", "", "0 to " + MAX_WAIT_SECONDS + " seconds")
                : Json.reply(200, Map.of("delay", seconds)).pausing(Duration.ofMillis(Math.max(1, seconds * 1000L)));
    }

    private static Reply notANumber(String what, String text, String expected) {
        return error(400, what + " is " + text + " (expected: " + expected + ")");
    }

    /** -1 for anything but a number up to {@code max}. */
    private static int number(String text, int max) {
        boolean digits = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int value = digits ? Integer.parseInt(text) : -1;
        return value <= max ? value : -1;
    }

    private Reply panic() {
        log.line("Panic command received", Map.of());
        served.die(255);
        return Reply.empty(500);
    }

    private Reply okUnless(boolean bad) {
        return bad ? Reply.empty(503) : Json.reply(200, Map.of("status", "OK"));
    }

    private Reply setReady(boolean now) {
        ready.set(now);
        if (now) {
            faults.clearUnready();
        }
        return Reply.empty(202);
    }

    private Reply metrics() {
        return Reply.of(200, "text/plain; version=0.0.4; charset=utf-8", requests.text());
    }

    private Reply fault(Call call) {
        try {
            switch (call.method()) {
                case "POST" -> change(call);
                case "DELETE" -> faults.clear();
                default -> {}
            }
            return Json.reply(200, faults.now().shown());
        } catch (IllegalArgumentException e) {
            return error(400, String.valueOf(e.getMessage()));
        }
    }

    private void change(Call call) {
        Set<String> known = Set.of("error-rate", "latency", "unready", "crash-after");
        for (String name : call.queryNames()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "fault is " + name + " (expected: error-rate, latency, unready or crash-after)");
            }
        }
        faults.change(call);
        call.query("crash-after")
                .map(text -> Faults.duration("crash-after", text))
                .ifPresent(delay -> served.after(delay, () -> crash("POST /fault asked for it")));
    }
}
