package dev.linnet.gateway.http;

import dev.linnet.numbers.Method;
import dev.linnet.routing.Baggage;
import dev.linnet.routing.RequestView;
import dev.linnet.routing.Workload;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request's head, scanned in one pass and checked. Ranges only; what routing needs, it reads from here. */
public final class RequestHead extends Head implements RequestView {
    private static final byte[] CHUNKED = "chunked".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTINUE = "100-continue".getBytes(StandardCharsets.US_ASCII);

    private final RequestLine line = new RequestLine(this);
    private final ConnectionOptions connection = new ConnectionOptions(this);
    private final HostField host = new HostField();
    private int scanned;
    private long contentLength;
    private boolean chunked;
    private boolean expectsContinue;
    private int upgrades;
    private int upgradeLine;
    private int requestIdLine;
    private boolean forwardedBefore;
    private boolean forwardedByOthers;
    private boolean tellsSides;
    private boolean underscores;
    private boolean invalidNames;
    private byte[] client = UNKNOWN_ADDRESS;
    private byte[] peer = UNKNOWN_ADDRESS;
    private byte[] listenerHost = ANY_HOST;
    private boolean secure;
    private byte[] serverName = NO_NAME;
    private Function<byte[], Workload> workloads = _ -> Workload.UNKNOWN;
    private @Nullable Workload workload;

    public RequestHead(HeadLimits limits) {
        super(limits);
    }

    @Override
    public int scan(byte[] bytes, int end) {
        reset(bytes, end);
        int lines = line.scan(bytes, end, limits.target());
        int headEnd = lines <= 0 ? lines : scanLines(lines, Math.min(end, limits.bytes()));
        if (headEnd == INCOMPLETE && end >= limits.bytes()) {
            return reject(lines > 0 ? Rejection.HEAD_TOO_LARGE : Rejection.TARGET_TOO_LONG);
        }
        if (headEnd <= 0) {
            return headEnd;
        }
        Rejection why = check();
        return why == Rejection.NONE ? headEnd : reject(why);
    }

    private void reset(byte[] bytes, int end) {
        start(bytes);
        scanned = end;
        connection.reset();
        host.reset();
        contentLength = -1;
        chunked = false;
        expectsContinue = false;
        upgrades = 0;
        upgradeLine = -1;
        requestIdLine = -1;
        forwardedBefore = false;
        forwardedByOthers = false;
        tellsSides = false;
        client = UNKNOWN_ADDRESS;
        peer = UNKNOWN_ADDRESS;
        listenerHost = ANY_HOST;
        secure = false;
        serverName = NO_NAME;
        workload = null;
    }

    /** Where it is known who has an address. */
    public void whoIs(Function<byte[], Workload> known) {
        workloads = known;
    }

    /**
     * Which names pass beside those of letters, digits and hyphens.
     *
     * @param withUnderscores those with underscores
     * @param all             all that HTTP allows
     */
    public void allowNames(boolean withUnderscores, boolean all) {
        underscores = withUnderscores;
        invalidNames = all;
    }

    /** Tells who has sent this head, for those who decide by that. */
    public void from(Caller caller) {
        client = caller.address();
        peer = caller.peer();
        listenerHost = caller.listenerHost();
        secure = caller.scheme().equals("https");
        serverName = caller.serverName();
        workload = null;
    }

    @Override
    public byte[] clientAddress() {
        return client;
    }

    @Override
    public boolean isSecure() {
        return secure;
    }

    @Override
    public byte[] serverName() {
        return serverName;
    }

    /** Looked up for each request once it is asked for: labels change. What headers tell of the client does not count. */
    @Override
    public Workload caller() {
        Workload known = workload;
        if (known == null) {
            known = workloads.apply(peer);
            workload = known;
        }
        return known;
    }

    @Override
    public byte[] listenerHost() {
        return listenerHost;
    }

    int rejectLine(Rejection why) {
        return reject(why);
    }

    @Override
    Rejection known(Field field, int header) {
        return switch (field) {
            case HOST -> host.read(bytes, valueStart(header), valueEnd(header));
            case CONTENT_LENGTH -> contentLength(header);
            case TRANSFER_ENCODING -> transferEncoding(header);
            case EXPECT -> expect(header);
            case CONNECTION -> connection(header);
            case UPGRADE -> upgrade(header);
            case X_REQUEST_ID -> requestId(header);
            case TE, PROXY, KEEP_ALIVE, HTTP2_SETTINGS, PROXY_CONNECTION -> dropped(header);
            case X_SCHEME, X_REAL_IP, X_FORWARDED_PORT, X_FORWARDED_PROTO, X_FORWARDED_SCHEME -> dropped(header);
            case X_ORIGINAL_FORWARDED_FOR, X_ORIGINAL_FORWARDED_HOST, X_CODE -> dropped(header);
            case SSL_CLIENT_CERT, SSL_CLIENT_VERIFY, SSL_CLIENT_ISSUER_DN, SSL_CLIENT_SUBJECT_DN -> dropped(header);
            case FORWARDED, X_FORWARDED_PREFIX -> {
                forwardedByOthers = true;
                yield dropped(header);
            }
            case X_FORWARDED_FOR, X_FORWARDED_HOST -> {
                forwardedBefore = true;
                yield dropped(header);
            }
            case BAGGAGE -> {
                tellsSides |= Baggage.hasOurs(bytes, valueStart(header), valueEnd(header));
                yield Rejection.NONE;
            }
            case X_LINNET_RELEASE -> {
                tellsSides = true;
                yield Rejection.NONE;
            }
            case DATE, SERVER, OTHER, X_PAD -> Rejection.NONE;
            case X_ACCEL_REDIRECT, X_ACCEL_BUFFERING, X_ACCEL_LIMIT_RATE, X_ACCEL_EXPIRES, X_ACCEL_CHARSET ->
                Rejection.NONE;
        };
    }

    @Override
    void unusual(int header) {
        boolean passes = invalidNames || (underscores && isUnusualByUnderscoresOnly(header));
        if (!passes || Field.isAlias(bytes, nameStart(header), nameEnd(header))) {
            hide(header);
        }
    }

    private boolean isUnusualByUnderscoresOnly(int header) {
        for (int i = nameStart(header); i < nameEnd(header); i++) {
            if (bytes[i] != '_' && Octets.token(bytes[i]) != Octets.USUAL) {
                return false;
            }
        }
        return true;
    }

    private Rejection dropped(int header) {
        drop(header);
        return Rejection.NONE;
    }

    private Rejection contentLength(int header) {
        boolean repeated = contentLength >= 0;
        contentLength = number(header);
        return repeated || contentLength < 0 ? Rejection.CONTENT_LENGTH : Rejection.NONE;
    }

    private Rejection transferEncoding(int header) {
        boolean repeated = chunked;
        chunked = valueIs(CHUNKED, header);
        return repeated || !chunked ? Rejection.TRANSFER_ENCODING : Rejection.NONE;
    }

    private Rejection expect(int header) {
        expectsContinue = valueIs(CONTINUE, header);
        drop(header);
        return expectsContinue || !line.isHttp11() ? Rejection.NONE : Rejection.EXPECTATION;
    }

    private Rejection connection(int header) {
        connection.read(header);
        return dropped(header);
    }

    private Rejection upgrade(int header) {
        upgrades++;
        upgradeLine = header;
        return dropped(header);
    }

    private Rejection requestId(int header) {
        if (valueStart(header) == valueEnd(header)) {
            return dropped(header);
        }
        requestIdLine = header;
        return Rejection.NONE;
    }

    private Rejection check() {
        if (chunked && contentLength >= 0) {
            return Rejection.BOTH_LENGTHS;
        }
        if (chunked && !line.isHttp11()) {
            return Rejection.TRANSFER_ENCODING; // an HTTP/1.0 recipient would not know it (RFC 9112 §6.1)
        }
        Rejection named = connection.dropNamed();
        if (named != Rejection.NONE) {
            return named;
        }
        if (!host.isPresent()) {
            return line.isHttp11() ? Rejection.HOST : normalisePath();
        }
        boolean sameHost = !line.isAbsolute()
                || Octets.sameText(bytes, line.authorityStart(), line.authorityEnd(), host.start(), host.end());
        return sameHost ? normalisePath() : Rejection.HOST_MISMATCH;
    }

    private Rejection normalisePath() {
        return line.normalisePath(limits.pathRoom()) < 0 ? Rejection.PATH : Rejection.NONE;
    }

    public Method method() {
        return line.method();
    }

    public boolean isHttp11() {
        return line.isHttp11();
    }

    /** Whether the client wants to use the connection again. */
    public boolean keepsAlive() {
        return !connection.close() && (line.isHttp11() || connection.keepAlive());
    }

    /** Negative if there is none. */
    public long contentLength() {
        return contentLength;
    }

    public boolean isChunked() {
        return chunked;
    }

    public boolean hasBody() {
        return chunked || contentLength > 0;
    }

    /** Whether the client waits for {@code 100 Continue}. In HTTP/1.0 that does not exist (RFC 9110 §10.1.1). */
    public boolean expectsContinue() {
        return expectsContinue && line.isHttp11() && hasBody();
    }

    /**
     * Whether the client asks for another protocol that may be passed on. Not HTTP/2: behind an upgraded connection to it a client
     * could reach routes unseen. Not with a body, of which nobody could say where it ends.
     */
    public boolean wantsUpgrade() {
        return upgrades == 1
                && connection.upgrade()
                && line.isHttp11()
                && !hasBody()
                && !UpgradeField.namesHttp2(bytes, valueStart(upgradeLine), valueEnd(upgradeLine));
    }

    int upgradeLine() {
        return upgradeLine;
    }

    /** Whether the client brought a request id that is not empty and not for this hop only. */
    boolean hasRequestId() {
        return requestIdLine >= 0 && !isDropped(requestIdLine);
    }

    /** Whether the client sent {@code X-Forwarded-For} or {@code -Host}. */
    boolean wasForwardedBefore() {
        return forwardedBefore;
    }

    /** Whether the client sent what only a trusted proxy may say, in a header that we do not write ourselves. */
    boolean wasForwardedByOthers() {
        return forwardedByOthers;
    }

    /** Whether it says which sides of releases it is on, whoever has sent it. */
    boolean tellsSides() {
        return tellsSides;
    }

    RequestLine line() {
        return line;
    }

    /** Where the bytes end that the last scan could see: all that is known of a head that was rejected. */
    public int scanned() {
        return scanned;
    }

    /** The request line, from here to {@link #requestLineEnd}. */
    public int requestLineStart() {
        return line.methodStart();
    }

    /** Path and query as they were sent, from here to {@link #targetEnd}. */
    public int targetStart() {
        return line.rawPathStart();
    }

    /** The question mark of the target; its end if there is none. */
    public int questionMark() {
        return line.rawPathEnd();
    }

    public int targetEnd() {
        return line.targetEnd();
    }

    /** Behind the version, which is always of the same length. */
    public int requestLineEnd() {
        return line.targetEnd() + " HTTP/1.1".length();
    }

    HostField host() {
        return host;
    }

    /** The Host header as it was sent, and the raw query with its question mark: for redirects. */
    public String hostText() {
        return text(host.start(), host.end());
    }

    /** The name in it, without the port. */
    public String hostNameText() {
        return text(host.start(), host.nameEnd());
    }

    /** The path as it was sent, without the query. */
    public String rawPathText() {
        return line.rawPathEnd() > line.rawPathStart() ? text(line.rawPathStart(), line.rawPathEnd()) : "/";
    }

    /** Path and query as they were sent. */
    public String targetText() {
        boolean hasPath = line.rawPathEnd() > line.rawPathStart();
        return (hasPath ? "" : "/") + text(line.rawPathStart(), line.targetEnd());
    }

    public String queryText() {
        return text(line.rawPathEnd(), line.targetEnd());
    }

    /** The value of the first line of this name, which is in lower case; empty if there is none. */
    public String headerText(String name) {
        byte[] wanted = name.getBytes(StandardCharsets.US_ASCII);
        for (int header = 0; header < headerCount(); header++) {
            if (Octets.is(wanted, bytes, nameStart(header), nameEnd(header))) {
                return text(valueStart(header), valueEnd(header));
            }
        }
        return "";
    }

    private String text(int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    @Override
    public int hostStart() {
        return host.start();
    }

    @Override
    public int hostEnd() {
        return host.nameEnd();
    }

    @Override
    public int pathStart() {
        return line.pathStart();
    }

    @Override
    public int pathEnd() {
        return line.pathEnd();
    }

    @Override
    public int methodStart() {
        return line.methodStart();
    }

    @Override
    public int methodEnd() {
        return line.methodEnd();
    }

    @Override
    public int queryStart() {
        return Math.min(line.rawPathEnd() + 1, line.targetEnd());
    }

    @Override
    public int queryEnd() {
        return line.targetEnd();
    }
}
