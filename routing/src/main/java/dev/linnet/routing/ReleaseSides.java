package dev.linnet.routing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sides of joint releases that a request is on. They travel with it, from the first member of each release that it meets: as W3C baggage
 * {@code linnet-release=<name>:<side>}, several with {@code ~} between them, and for programs that know nothing of baggage as
 * {@code x-linnet-release: <name>:<side>}, several with commas. Only what a Pod brings to a Service of its own namespace, through a
 * listener inside the cluster, counts ({@link RequestView#isFromPod}): nobody outside chooses his side, and no name is taken for that of
 * another namespace.
 */
public record ReleaseSides(List<On> all) {
    /** The key in baggage. */
    public static final String MEMBER = "linnet-release";

    public static final String BAGGAGE = "baggage";
    public static final String HEADER = "x-linnet-release";

    static final ReleaseSides NONE = new ReleaseSides(List.of());

    /** Whoever is on more sides draws anew at each further member. */
    private static final int MOST = 32;

    private static final String BETWEEN = "~";
    private static final String CANARY = "canary";
    private static final String PRIMARY = "primary";
    private static final Pattern ON = Pattern.compile("(.+):(" + CANARY + "|" + PRIMARY + ")");
    private static final HeaderLines BAGGAGE_LINES = new HeaderLines(BAGGAGE);
    private static final HeaderLines HEADER_LINES = new HeaderLines(HEADER);

    public ReleaseSides {
        all = List.copyOf(all);
    }

    /** One side of one release. */
    public record On(String release, boolean canary) {
        private String text() {
            return release + ":" + (canary ? CANARY : PRIMARY);
        }

        /** Empty if it is none: it goes on in a head, so nothing else may pass. */
        private static Optional<On> read(String text) {
            Matcher on = ON.matcher(text.strip());
            return on.matches() && JointRelease.isName(on.group(1))
                    ? Optional.of(new On(on.group(1), on.group(2).equals(CANARY)))
                    : Optional.empty();
        }
    }

    /** Those that a request brings and that count: baggage before the header. */
    static ReleaseSides of(RequestView request) {
        if (!request.isInside()) {
            return NONE; // outside, which is most requests
        }
        boolean brings = BAGGAGE_LINES.next(request, 0) >= 0 || HEADER_LINES.next(request, 0) >= 0;
        if (!brings || !request.isFromPod()) {
            return NONE;
        }
        ReleaseSides told = ofBaggage(request);
        return told.all.isEmpty() ? ofHeader(request) : told;
    }

    /** Whether a request says anything of sides, whoever has sent it. */
    static boolean areIn(RequestView request) {
        return HEADER_LINES.next(request, 0) >= 0 || !ofBaggage(request).all.isEmpty();
    }

    private static ReleaseSides ofBaggage(RequestView request) {
        byte[] bytes = request.bytes();
        for (int line = BAGGAGE_LINES.next(request, 0); line >= 0; line = BAGGAGE_LINES.next(request, line + 1)) {
            int end = request.valueEnd(line);
            for (int at = request.valueStart(line); at < end; ) {
                int memberEnd = Baggage.memberEnd(bytes, at, end);
                if (Baggage.isOurs(bytes, at, memberEnd)) {
                    return read(Baggage.value(bytes, at, memberEnd), BETWEEN);
                }
                at = memberEnd + 1;
            }
        }
        return NONE;
    }

    private static ReleaseSides ofHeader(RequestView request) {
        int line = HEADER_LINES.next(request, 0);
        return line < 0 ? NONE : read(new String(HEADER_LINES.joined(request, line), StandardCharsets.ISO_8859_1), ",");
    }

    private static ReleaseSides read(String text, String between) {
        List<On> all = new ArrayList<>();
        for (String part : text.split(between, MOST + 1)) {
            if (all.size() < MOST) {
                On.read(part).ifPresent(all::add);
            }
        }
        return all.isEmpty() ? NONE : new ReleaseSides(all);
    }

    /** What they say to a canary of a release: it takes the request, refuses it, or they say nothing of it. */
    Verdict verdict(JointRelease release) {
        for (On side : all) {
            if (side.release.equals(release.name())) {
                return side.canary ? Verdict.TAKES : Verdict.REFUSES;
            }
        }
        return Verdict.PASSES;
    }

    boolean isFull() {
        return all.size() >= MOST;
    }

    ReleaseSides with(JointRelease release, boolean canary) {
        List<On> more = new ArrayList<>(all);
        more.add(new On(release.name(), canary));
        return new ReleaseSides(more);
    }

    /** As a member of baggage. */
    public String member() {
        return MEMBER + "=" + joined(BETWEEN);
    }

    /** As the value of the header. */
    public String header() {
        return joined(", ");
    }

    private String joined(String between) {
        return String.join(between, all.stream().map(On::text).toList());
    }
}
