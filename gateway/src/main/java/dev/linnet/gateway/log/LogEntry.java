package dev.linnet.gateway.log;

import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.routing.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What the log needs of one exchange, kept until its end: the scanner that holds the head serves other exchanges meanwhile. Entries are
 * used again and again.
 */
public final class LogEntry {
    private static final int LONGEST_MALFORMED = 1024;

    private final LoopLog log;

    private AccessLog.InForce inForce;
    LogFormat format = LogFormat.NGINX;
    private byte[] text = new byte[512];
    private int length;
    int methodEnd;
    int targetStart;
    int queryStart;
    int targetEnd;
    int lineEnd;
    private int[] headers = new int[8];

    @Nullable
    Caller caller;

    @Nullable
    String user;

    RouteNames names = RouteNames.NONE;
    String traceId = "";
    String spanId = "";
    private boolean unknownHost;
    private int idStart;
    int idEnd;
    int status;
    long requestLength;
    long bodySent;
    long bytesSent;
    long nanos;
    private Attempt[] attempts = {new Attempt(), new Attempt()};
    private int attempted;

    /** One endpoint that was asked. Times are nanoseconds. */
    static final class Attempt {
        byte[] address = {};
        long started;
        long connect;
        long header;
        long response;
        int status;
        long length;
    }

    LogEntry(LoopLog log, AccessLog.InForce inForce) {
        this.log = log;
        this.inForce = inForce;
    }

    void begin(AccessLog.InForce now) {
        LogFormat used = now.format();
        inForce = now;
        format = used;
        length = 0;
        methodEnd = 0;
        targetStart = 0;
        queryStart = 0;
        targetEnd = 0;
        lineEnd = 0;
        if (headers.length < 2 * used.headers().length) {
            headers = new int[2 * used.headers().length];
        }
        Arrays.fill(headers, -1);
        caller = null;
        user = null;
        names = RouteNames.NONE;
        traceId = "";
        spanId = "";
        unknownHost = false;
        idStart = 0;
        idEnd = 0;
        attempted = 0;
    }

    /** A request has come. */
    public void asked(RequestHead head, Caller who) {
        caller = who;
        names = RouteNames.DEFAULT_BACKEND;
        byte[] bytes = head.bytes();
        int start = head.requestLineStart();
        lineEnd = keep(bytes, start, head.requestLineEnd());
        methodEnd = head.methodEnd() - start;
        targetStart = head.targetStart() - start;
        queryStart = head.questionMark() - start;
        targetEnd = head.targetEnd() - start;
        byte[][] wanted = format.headers();
        for (int i = 0; i < wanted.length; i++) {
            int line = head.next(wanted[i], 0);
            if (line >= 0) {
                headers[2 * i] = length;
                headers[2 * i + 1] = keep(bytes, head.valueStart(line), head.valueEnd(line));
            }
        }
        if (format.namesUser()) {
            user = userOf(head);
        }
    }

    /** Something has come that is no request. */
    public void malformed(RequestHead head, Caller who) {
        caller = who;
        byte[] bytes = head.bytes();
        int end = head.scanned();
        int stop = 0;
        while (stop < end && stop < LONGEST_MALFORMED && bytes[stop] != '\r' && bytes[stop] != '\n') {
            stop++;
        }
        lineEnd = keep(bytes, 0, stop);
    }

    /** Nothing came in time. */
    public void silent(Caller who) {
        caller = who;
    }

    private int keep(byte[] bytes, int start, int end) {
        if (text.length - length < end - start) {
            text = Arrays.copyOf(text, Math.max(text.length * 2, length + end - start));
        }
        System.arraycopy(bytes, start, text, length, end - start);
        length += end - start;
        return length;
    }

    /** Whom the client says to be (RFC 7617), whether or not anybody has checked that. */
    private static @Nullable String userOf(RequestHead head) {
        int line = head.next(LogFormat.AUTHORIZATION, 0);
        if (line < 0) {
            return null;
        }
        String value = head.value(line);
        if (!value.regionMatches(true, 0, "Basic ", 0, 6)) {
            return null;
        }
        try {
            String pair =
                    new String(Base64.getDecoder().decode(value.substring(6).strip()), StandardCharsets.ISO_8859_1);
            int colon = pair.indexOf(':');
            return colon < 0 ? null : pair.substring(0, colon);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** No rule is for this host. */
    public void unknownHost() {
        unknownHost = true;
    }

    boolean isForUnknownHost() {
        return unknownHost;
    }

    public void routed(RouteNames to) {
        names = to;
    }

    /** The request has spans: the ids of its trace and of its own span. */
    public void traced(String trace, String span) {
        traceId = trace;
        spanId = span;
    }

    /** The request's id, as the endpoint got it. */
    public void id(byte[] bytes, int start, int end) {
        idStart = length;
        idEnd = keep(bytes, start, end);
    }

    public void attempt(Endpoint endpoint, long now) {
        if (attempted == attempts.length) {
            attempts = Arrays.copyOf(attempts, attempted + 1);
            attempts[attempted] = new Attempt();
        }
        Attempt attempt = attempts[attempted++];
        attempt.address = log.textOf(endpoint);
        attempt.started = now;
        attempt.connect = -1;
        attempt.header = -1;
        attempt.response = -1;
        attempt.status = 0;
        attempt.length = 0;
    }

    public void connected(long took) {
        attempts[attempted - 1].connect = took;
    }

    /** The endpoint has sent a final head. */
    public void answered(int answer, long took) {
        Attempt attempt = attempts[attempted - 1];
        attempt.status = answer;
        attempt.header = took;
    }

    /** The endpoint has failed. */
    public void failed(int answer, long now) {
        if (attempted > 0 && attempts[attempted - 1].response < 0) {
            Attempt attempt = attempts[attempted - 1];
            attempt.status = attempt.status == 0 ? answer : attempt.status;
            attempt.response = now - attempt.started;
        }
    }

    /**
     * The exchange is over, and this entry with it.
     *
     * @param took    nanoseconds
     * @param request bytes with the head
     * @param body    bytes of the response's body
     * @param all     bytes with the head
     */
    public void write(int finalStatus, long now, long took, long request, long body, long all) {
        status = finalStatus;
        nanos = took;
        requestLength = request;
        bodySent = body;
        bytesSent = all;
        if (attempted > 0 && attempts[attempted - 1].response < 0) {
            Attempt last = attempts[attempted - 1];
            last.response = now - last.started;
            last.length = last.status == 0 ? 0 : body;
        }
        log.write(this);
    }

    /** What counted when it began. */
    AccessLog.InForce inForce() {
        return inForce;
    }

    int attempts() {
        return attempted;
    }

    Attempt attempt(int index) {
        return attempts[index];
    }

    byte[] text() {
        return text;
    }

    int idStart() {
        return idStart;
    }

    int headerStart(int header) {
        return headers[2 * header];
    }

    int headerEnd(int header) {
        return headers[2 * header + 1];
    }

    LoopLog log() {
        return log;
    }

    boolean targetIs(byte[] other) {
        return targetEnd - targetStart == other.length
                && Arrays.equals(text, targetStart, targetEnd, other, 0, other.length);
    }
}
