package dev.linnet.manifests.istio;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.linnet.manifests.flagger.GoDuration;
import dev.linnet.manifests.istio.VirtualService.UriRewrite;
import dev.linnet.routing.Rule.Limits;
import dev.linnet.routing.policy.BackendTarget;
import dev.linnet.routing.policy.Cors;
import dev.linnet.routing.policy.Cors.Origin;
import dev.linnet.routing.policy.Cors.Preflights;
import dev.linnet.routing.policy.Faults;
import dev.linnet.routing.policy.GrpcStatus;
import dev.linnet.routing.policy.HeadEdits;
import dev.linnet.routing.policy.HeaderLine;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Relay;
import dev.linnet.routing.policy.Retries;
import dev.linnet.routing.policy.Rewrite;
import dev.linnet.routing.policy.Rewrite.Piece;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads what a rule does with its requests beside choosing where they go (spec §1.12 to §1.18). */
final class OptionsReader {
    /** As Istio's: connecting is tried on three endpoints, and no answer is waited for too long. */
    private static final int USUAL_TRIES = 3;

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Set<Retries.On> USUAL_REASONS = Set.of(Retries.On.ERROR);
    private static final Pattern ERROR_STATUS = Pattern.compile("[45][0-9][0-9]");

    private final Author author;

    OptionsReader(Author author) {
        this.author = author;
    }

    /** @param timeout of the whole request, see {@link #timeout} */
    Policy policy(JsonNode rule, Duration timeout, String where) {
        Policy policy = Policy.NONE
                .withRelay(relay(rule, timeout, where))
                .withEdits(edits(rule.path("headers"), where + ".headers"))
                .withFaults(faults(rule.path("fault"), where + ".fault"));
        return host(rule, where)
                .map(name -> policy.withTarget(new BackendTarget(Optional.empty(), Optional.of(name))))
                .orElse(policy);
    }

    /** {@code rewrite.authority} goes before what headers say. */
    private Optional<String> host(JsonNode rule, String where) {
        Optional<String> authority = Author.text(rule.path("rewrite").path("authority"));
        return authority.or(() -> hostOf(rule.path("headers"), where + ".headers"));
    }

    /** A Host header that is set or added is another Host for the backend. */
    private Optional<String> hostOf(JsonNode headers, String where) {
        for (HostLine line : hostLines(headers, where)) {
            if (HeaderLine.isValid("Host", line.value)) {
                return Optional.of(line.value);
            }
            author.mistake(line.where, "is no host");
        }
        return Optional.empty();
    }

    /** A line of a request's head that says another Host. */
    private record HostLine(String where, String value) {}

    private static List<HostLine> hostLines(JsonNode headers, String where) {
        return Stream.of("set", "add")
                .flatMap(how -> headers.path("request").path(how).properties().stream()
                        .filter(line -> isHost(line.getKey()))
                        .map(line -> new HostLine(
                                where + ".request." + how + "[" + line.getKey() + "]",
                                line.getValue().asText())))
                .toList();
    }

    private static boolean isHost(String name) {
        return name.equals(":authority") || name.equalsIgnoreCase("host");
    }

    Optional<UriRewrite> rewrite(JsonNode rewrite, String where) {
        if (rewrite.has("uriRegexRewrite")) {
            JsonNode byRegex = rewrite.path("uriRegexRewrite");
            return byPattern(
                    byRegex.path("match").asText(""), byRegex.path("rewrite").asText(""), where + ".uriRegexRewrite");
        }
        return Author.text(rewrite.path("uri")).map(UriRewrite.Matched::new);
    }

    /** What is before and after the match stays: it is the first and the last group. */
    private Optional<UriRewrite> byPattern(String match, String replacement, String where) {
        try {
            Pattern pattern = Pattern.compile(match);
            List<Piece> pieces = new ArrayList<>(List.of(new Piece.Group(1)));
            pieces.addAll(pieces(replacement));
            pieces.add(new Piece.Group(pattern.groupCount() + 2));
            return Optional.of(new UriRewrite.ByPattern(new Rewrite(
                    Pattern.compile("^(.*?)(?:" + match + ")(.*)$", Pattern.DOTALL), pieces, Optional.empty())));
        } catch (PatternSyntaxException e) {
            author.mistake(
                    where + ".match", "is \"" + match + "\": " + e.getDescription() + " (expected: an RE2 expression)");
            return Optional.empty();
        }
    }

    /** {@code \1} is what the first group has found. */
    private static List<Piece> pieces(String replacement) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < replacement.length(); i++) {
            char c = replacement.charAt(i);
            boolean escape = c == '\\' && i + 1 < replacement.length();
            if (escape && Character.isDigit(replacement.charAt(i + 1))) {
                pieces.add(new Piece.Text(text.toString()));
                text.setLength(0);
                int group = Character.digit(replacement.charAt(i + 1), 10);
                pieces.add(new Piece.Group(group == 0 ? 0 : group + 1));
                i++;
            } else {
                text.append(escape ? replacement.charAt(++i) : c);
            }
        }
        pieces.add(new Piece.Text(text.toString()));
        return pieces;
    }

    /** Of a whole request with all its tries; zero if there is none. */
    Duration timeout(JsonNode rule, String where) {
        return duration(rule.path("timeout"), where + ".timeout").orElse(Duration.ZERO);
    }

    /** @param timeout of the whole request, see {@link #timeout} */
    Limits limits(JsonNode rule, Duration timeout, String where) {
        JsonNode retries = rule.path("retries");
        Duration perTry = duration(retries.path("perTryTimeout"), where + ".retries.perTryTimeout")
                .orElse(timeout);
        Duration read = timeout.isZero() || perTry.compareTo(timeout) < 0 ? perTry : timeout;
        int tries =
                retries.isMissingNode() ? USUAL_TRIES : retries.path("attempts").asInt(2) + 1;
        return new Limits(CONNECT, read, read, Math.max(1, tries));
    }

    Optional<Duration> duration(JsonNode node, String where) {
        Optional<String> text = Author.text(node);
        Optional<Duration> duration = text.flatMap(GoDuration::parse);
        if (text.isPresent() && duration.isEmpty()) {
            author.mistake(where, "is \"" + text.get() + "\" (expected: a duration such as 500ms or 1m30s)");
        }
        return duration;
    }

    private Relay relay(JsonNode rule, Duration timeout, String where) {
        return Relay.NONE
                .withRetries(retries(rule.path("retries"), timeout, where + ".retries"))
                .withCors(cors(rule.path("corsPolicy"), where + ".corsPolicy"));
    }

    private Retries retries(JsonNode retries, Duration timeout, String where) {
        author.notObeyed(retries, where, "retryRemoteLocalities");
        Duration backoff = duration(retries.path("backoff"), where + ".backoff").orElse(Duration.ZERO);
        String said = retries.path("retryOn").asText("");
        if (said.isBlank()) {
            return Retries.likeIstio(USUAL_REASONS, Set.of(), timeout, backoff);
        }
        Set<Retries.On> on = EnumSet.noneOf(Retries.On.class);
        Set<Integer> statuses = new HashSet<>();
        for (String each : said.split(",", -1)) {
            String word = each.strip();
            switch (word) {
                case "" -> {}
                case "connect-failure", "reset", "reset-before-request" -> on.add(Retries.On.ERROR);
                case "5xx" -> {
                    on.addAll(Set.of(Retries.On.ERROR, Retries.On.TIMEOUT));
                    IntStream.range(500, 600).forEach(statuses::add);
                }
                case "gateway-error" -> {
                    on.add(Retries.On.ERROR);
                    statuses.addAll(Set.of(502, 503, 504));
                }
                case "retriable-4xx" -> statuses.add(409);
                // What these name does not happen here: streams refused by HTTP/2, statuses of gRPC, nothing by itself.
                case "refused-stream", "unavailable", "cancelled", "retriable-status-codes", "deadline-exceeded" -> {}
                default -> {
                    if (ERROR_STATUS.matcher(word).matches()) {
                        statuses.add(Integer.parseInt(word));
                    } else {
                        author.notObeyed(where + ".retryOn", "names " + word + ", which is not obeyed");
                    }
                }
            }
        }
        return Retries.likeIstio(on, statuses, timeout, backoff);
    }

    private Optional<Cors> cors(JsonNode cors, String where) {
        if (cors.isMissingNode() || cors.isNull()) {
            return Optional.empty();
        }
        Duration age = duration(cors.path("maxAge"), where + ".maxAge").orElse(Duration.ZERO);
        return Optional.of(new Cors(
                false, // each origin is told its own name, as by Envoy
                origins(cors, where),
                String.join(",", Author.texts(cors.path("allowMethods"))),
                String.join(",", Author.texts(cors.path("allowHeaders"))),
                String.join(",", Author.texts(cors.path("exposeHeaders"))),
                cors.path("allowCredentials").asBoolean(),
                (int) age.toSeconds(),
                cors.path("unmatchedPreflights").asText("").equals("IGNORE") ? Preflights.ALL : Preflights.ALLOWED));
    }

    private List<Origin> origins(JsonNode cors, String where) {
        List<Origin> origins = new ArrayList<>();
        int index = 0;
        for (JsonNode origin : cors.path("allowOrigins")) {
            origin(origin, where + ".allowOrigins[" + index++ + "]").ifPresent(origins::add);
        }
        cors.path("allowOrigin").forEach(origin -> origins.add(exactly(origin.asText())));
        return origins;
    }

    private Optional<Origin> origin(JsonNode origin, String where) {
        if (origin.has("exact")) {
            return Optional.of(exactly(origin.path("exact").asText()));
        }
        if (origin.has("prefix")) {
            return Optional.of(new Origin.Prefix(origin.path("prefix").asText()));
        }
        String regex = origin.path("regex").asText("");
        try {
            return Optional.of(new Origin.Matching(Pattern.compile(regex)));
        } catch (PatternSyntaxException e) {
            author.mistake(
                    where + ".regex", "is \"" + regex + "\": " + e.getDescription() + " (expected: an RE2 expression)");
            return Optional.empty();
        }
    }

    private static Origin exactly(String origin) {
        return origin.equals("*") ? Origin.Matching.ANY : new Origin.Exactly(origin);
    }

    private Faults faults(JsonNode fault, String where) {
        Optional<Faults.Delay> delay = Optional.of(fault.path("delay"))
                .filter(node -> !node.isMissingNode())
                .flatMap(node -> delay(node, where + ".delay"));
        Optional<Faults.Abort> abort = Optional.of(fault.path("abort"))
                .filter(node -> !node.isMissingNode())
                .flatMap(node -> abort(node, where + ".abort"));
        return new Faults(delay, abort);
    }

    private Optional<Faults.Delay> delay(JsonNode delay, String where) {
        if (delay.has("exponentialDelay")) {
            author.notObeyed(where + ".exponentialDelay", "is not obeyed, nor by Istio (expected: fixedDelay)");
            return Optional.empty();
        }
        double percent = delay.has("percentage")
                ? delay.path("percentage").path("value").asDouble()
                : delay.path("percent").asDouble();
        return duration(delay.path("fixedDelay"), where + ".fixedDelay")
                .map(time -> new Faults.Delay(part(percent, where), time));
    }

    private Optional<Faults.Abort> abort(JsonNode abort, String where) {
        if (!abort.has("percentage")) {
            author.mistake(where + ".percentage", "is missing, so nothing is ever aborted (expected: value 0 to 100)");
            return Optional.empty();
        }
        double part = part(abort.path("percentage").path("value").asDouble(), where);
        if (abort.has("grpcStatus")) {
            return grpcStatus(abort.path("grpcStatus").asText(), where)
                    .map(status -> new Faults.Abort(part, status.http(), Optional.of(status)));
        }
        if (!abort.has("httpStatus")) {
            author.notObeyed(
                    where, "has neither httpStatus nor grpcStatus, as Istio's proxies want, too: nothing is aborted");
            return Optional.empty();
        }
        int status = abort.path("httpStatus").asInt();
        if (status < 200 || status > 599) {
            author.mistake(where + ".httpStatus", "is " + status + " (expected: 200 to 599)");
            return Optional.empty();
        }
        return Optional.of(new Faults.Abort(part, status, Optional.empty()));
    }

    private Optional<GrpcStatus> grpcStatus(String name, String where) {
        Optional<GrpcStatus> status = Stream.of(GrpcStatus.values())
                .filter(each -> each.name().equals(name))
                .findFirst();
        if (status.isEmpty()) {
            author.mistake(
                    where + ".grpcStatus",
                    "is " + name
                            + " (expected: the name of a status of gRPC, such as UNAVAILABLE or DEADLINE_EXCEEDED)");
        }
        return status;
    }

    private double part(double percent, String where) {
        if (percent < 0 || percent > 100) {
            author.mistake(where + ".percentage.value", "is " + percent + " (expected: 0 to 100)");
        }
        return Math.clamp(percent, 0, 100) / 100;
    }

    /** Of one destination, with its Host: what the rule says of that goes before it, see {@link RuleCompiler}. */
    HeadEdits editsOfDestination(JsonNode headers, String where) {
        HeadEdits edits = edits(headers, where);
        return hostOf(headers, where).map(edits::withHost).orElse(edits);
    }

    private HeadEdits edits(JsonNode headers, String where) {
        return new HeadEdits(
                lines(headers.path("request"), where + ".request", true),
                lines(headers.path("response"), where + ".response", false));
    }

    private HeadEdits.Lines lines(JsonNode edits, String where, boolean request) {
        List<String> drop = new ArrayList<>();
        for (String name : Author.texts(edits.path("remove"))) {
            if (name.startsWith(":") || isHost(name)) {
                author.mistake(where + ".remove", "names " + name + ", which cannot be removed");
            } else {
                drop.add(name);
            }
        }
        return new HeadEdits.Lines(
                drop,
                lineList(edits.path("set"), where + ".set", request),
                lineList(edits.path("add"), where + ".add", request));
    }

    private List<HeaderLine> lineList(JsonNode lines, String where, boolean request) {
        List<HeaderLine> read = new ArrayList<>();
        Map<String, String> sorted = new TreeMap<>();
        lines.properties()
                .forEach(line -> sorted.put(line.getKey(), line.getValue().asText()));
        sorted.forEach((name, value) -> {
            String path = where + "[" + name + "]";
            String literal = value.replace("%%", "");
            if (request && isHost(name)) {
                return; // another Host, see hostOf and editsOfDestination
            }
            if (literal.contains("%")) {
                author.notObeyed(
                        path,
                        "is \"" + value + "\": values of the request are not put in (expected: %% for a percent sign)");
            } else if (!HeaderLine.isValid(name, value.replace("%%", "%"))) {
                author.mistake(
                        path, "is no header line (expected: a name of letters, digits and -, and a value of one line)");
            } else {
                read.add(new HeaderLine(name, value.replace("%%", "%")));
            }
        });
        return read;
    }
}
