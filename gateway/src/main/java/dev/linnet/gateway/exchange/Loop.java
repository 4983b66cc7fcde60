package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.http.HeadLimits;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.http.ResponseEdits;
import dev.linnet.gateway.http.ResponseHead;
import dev.linnet.gateway.log.LoopLog;
import dev.linnet.gateway.tls.ServerTls;
import dev.linnet.gateway.tls.TlsTables;
import dev.linnet.gateway.trace.Tracing;
import dev.linnet.numbers.SeriesRecorder;
import dev.linnet.routing.Availability;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.Route;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Secret;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Side;
import dev.linnet.routing.Workload;
import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.Blocked;
import dev.linnet.routing.policy.CallerOptions;
import dev.linnet.routing.policy.GlobalPolicy;
import dev.linnet.routing.policy.GlobalPolicy.Clients;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What one event loop owns: its scanners and arrays, its counters, its chance, its place in each rotation. One thread uses it. */
public final class Loop implements Availability {
    /** At about ten ticks a second: a route that nobody asks for within a minute may lose what is kept for it. */
    private static final int TICKS_PER_TURN = 600;

    private static final byte[] USER_AGENT = "user-agent".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REFERER = "referer".getBytes(StandardCharsets.US_ASCII);

    private final Routing routing;
    private final ExchangeSettings settings;
    private final RandomGenerator random;
    private final LongSupplier nanoTime;
    private final ByteBufAllocator allocator;
    private final Numbers numbers;
    private final LoopLog log;
    private final Tracing tracing;
    private final Checks checks;
    private final Answers answers;

    private final RequestHead requestHead;
    private final ResponseHead responseHead;
    private final byte[] requestBytes;
    private final byte[] responseBytes;
    private final EditedHeads heads;
    private final DateLine date = new DateLine();

    private final Generations<Wish, Turns> turns = new Generations<>();
    private final Generations<Route, RouteState> states = new Generations<>();
    private final Function<Route, RouteState> newRoute = this::newState;
    private RouteTable statesOf;
    private int ticksUntilTurn = TICKS_PER_TURN;
    private @Nullable Workplace workplace;
    private final StandingEdits always = new StandingEdits();
    private Clients settingsOf = Clients.DEFAULT;
    private ExchangeSettings settingsNow;

    /** What routes may want alike. */
    private record Wish(ServiceRef backend, Balancing balancing) {}

    public Loop(
            Routing routing,
            ExchangeSettings settings,
            RandomGenerator random,
            LongSupplier nanoTime,
            ByteBufAllocator allocator,
            Numbers numbers,
            LoopLog log,
            Tracing tracing,
            Checks checks) {
        HeadLimits limits = settings.heads();
        this.routing = routing;
        this.settings = settings;
        this.settingsNow = settings;
        this.random = random;
        this.nanoTime = nanoTime;
        this.allocator = allocator;
        this.numbers = numbers;
        this.log = log;
        this.tracing = tracing;
        this.checks = checks;
        this.answers = new Answers(allocator);
        this.requestHead = new RequestHead(limits);
        requestHead.whoIs(routing::workload);
        this.responseHead = new ResponseHead(limits);
        this.requestBytes = limits.newArray();
        this.responseBytes = limits.newArray();
        this.heads = new EditedHeads(limits, routing, date, random, allocator);
        this.statesOf = routing.table();
    }

    /** What clients are granted, to be read once per connection. */
    public ExchangeSettings settings() {
        Clients now = routing.policy().clients();
        if (!now.equals(settingsOf)) {
            settingsNow = settings.with(now);
        }
        settingsOf = now; // also an equal one: comparing it with itself is quick
        return settingsNow;
    }

    /** Whose word is taken for who a client is, and what is done with headers, at this moment. */
    public CallerOptions callers() {
        return routing.callers();
    }

    /** Where this loop works, told once before it does. */
    public void worksAt(Workplace place) {
        workplace = place;
    }

    public Workplace workplace() {
        if (workplace == null) {
            throw new IllegalStateException("the loop works nowhere yet");
        }
        return workplace;
    }

    /** The scanner for requests: what it holds is valid until the next scan. */
    public RequestHead requestHead() {
        CallerOptions.HeaderOptions names = routing.callers().headers();
        requestHead.allowNames(names.underscores(), names.invalidNames());
        return requestHead;
    }

    public ResponseHead responseHead() {
        return responseHead;
    }

    /** Where a request's head is scanned. */
    public byte[] requestBytes() {
        return requestBytes;
    }

    public byte[] responseBytes() {
        return responseBytes;
    }

    /** To be called a few times a second: answers carry the date. */
    public void tick() {
        date.tick();
        log.tick();
        routing.settle(nanoTime());
        ticksUntilTurn--;
        if (ticksUntilTurn <= 0) {
            ticksUntilTurn = TICKS_PER_TURN;
            forgetWhatIsGone();
        }
    }

    /** Routes of a changed host are other objects, and nothing will ever ask for the old ones again. */
    private void forgetWhatIsGone() {
        RouteTable table = routing.table();
        if (!table.equals(statesOf)) {
            statesOf = table;
            states.turn();
            turns.turn();
        }
    }

    public long nanoTime() {
        return nanoTime.getAsLong();
    }

    /** The table in force, to be read once per request. */
    RouteTable table() {
        return routing.table();
    }

    /** What holds for the whole gateway, to be read once per request or connection. */
    public GlobalPolicy policy() {
        return routing.policy();
    }

    /** What each answer has or lacks that goes to a client over TLS, or not. */
    ResponseEdits always(boolean tls) {
        return always.of(routing.policy(), tls);
    }

    public RandomGenerator random() {
        return random;
    }

    @Override
    public boolean hasEndpoints(ServiceRef service) {
        return !routing.endpoints(service).candidates().isEmpty();
    }

    private Turns turns(Side side) {
        return turns.get(
                new Wish(side.backend(), side.balancing()),
                wish -> new Turns(routing.endpoints(wish.backend()), wish.balancing(), random));
    }

    /** All about TLS, to be read once per use. */
    public TlsTables tls() {
        return routing.tls();
    }

    /**
     * What a client is shown that asks for a host in its handshake; nothing if it is to be refused for that.
     *
     * @param serverName empty if it asks for none
     */
    public Optional<ServerTls> shownTo(String serverName) {
        boolean refused =
                routing.policy().tls().rejectUnknown() && !routing.table().knowsHost(serverName);
        return refused ? Optional.empty() : Optional.of(tls().certificates().find(serverName));
    }

    /** Whether a client's requests are refused, wherever they go. */
    boolean refuses(RequestHead head, Caller from) {
        Blocked blocked = routing.policy().blocked();
        return !blocked.isNobody()
                && (blocked.addresses().contains(from.address())
                        || blocked.hasAgent(head.joined(USER_AGENT))
                        || blocked.hasReferer(head.joined(REFERER)));
    }

    /** What is in a Secret; empty if it does not exist or is not known, which must let nobody pass. */
    public Optional<Secret<Map<String, byte[]>>> secret(SecretRef ref) {
        return routing.secret(ref);
    }

    LoopLog log() {
        return log;
    }

    Tracing tracing() {
        return tracing;
    }

    /** Where a Service can be asked now. */
    public List<Endpoint> ready(ServiceRef service) {
        return routing.endpoints(service).ready();
    }

    /** How a rule has the endpoints of a Service spoken to to which it leads beside its sides. */
    public Manners manners(Rule rule, ServiceRef service) {
        return new Manners(rule, service, routing.endpoints(service));
    }

    SeriesRecorder unrouted() {
        return numbers.unrouted();
    }

    SeriesRecorder unrouted(RequestHead head) {
        return numbers.unrouted(head);
    }

    SeriesRecorder recorder(RequestHead head, SideState state) {
        return numbers.of(head, state.recorder());
    }

    SeriesRecorder recorder(RequestHead head, Rule rule) {
        return numbers.of(head, numbers.of(rule));
    }

    /** The counters of copies of a rule's requests that go to this Service. */
    public SeriesRecorder copies(Rule rule, ServiceRef mirror) {
        return numbers.ofCopies(rule, mirror);
    }

    /** A request that its release had led to this canary had to do with the primary. */
    void missed(Side canary) {
        numbers.missed(canary);
    }

    /** Who has an address inside of the cluster. */
    Workload workload(byte[] address) {
        return routing.workload(address);
    }

    /** Who a Pod is. */
    Workload pod(String name) {
        return routing.pod(name);
    }

    /** Whether anything is known of Pods, so that calls can be told apart. */
    boolean knowsPods() {
        return routing.knowsPods();
    }

    /** What this loop keeps for a route of the table in force. */
    RouteState state(Route route) {
        return states.get(route, newRoute);
    }

    private RouteState newState(Route route) {
        return new RouteState(checks.of(route, this), route.newDealer(random), this::newSide);
    }

    private SideState newSide(Side side) {
        return new SideState(side, numbers.of(side), numbers.calls(side.backend()), turns(side), random);
    }

    Answers answers() {
        return answers;
    }

    byte[] dateLine() {
        return date.line();
    }

    /** Writes heads as they are sent on. */
    EditedHeads heads() {
        return heads;
    }

    public ByteBuf buffer(int room) {
        return allocator.directBuffer(room);
    }
}
