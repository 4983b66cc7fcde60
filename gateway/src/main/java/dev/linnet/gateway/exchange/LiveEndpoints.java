package dev.linnet.gateway.exchange;

import dev.linnet.gateway.balance.Candidates;
import dev.linnet.gateway.balance.Loads;
import dev.linnet.gateway.balance.OutlierWatch;
import dev.linnet.numbers.Failure;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Scheduler;
import dev.linnet.routing.policy.TrafficPolicy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ready endpoints of one Service port, less those that are left out for a while because they answer badly. Whoever follows the cluster
 * replaces them; event loops read, and say how endpoints have answered.
 */
public final class LiveEndpoints {
    private static final Logger log = LoggerFactory.getLogger(LiveEndpoints.class);

    private final ServiceRef service;
    private final AtomicReference<State> state =
            new AtomicReference<>(new State(Candidates.NONE, Map.of(), Candidates.NONE, Optional.empty()));
    private final Places places = new Places();
    private volatile Scheduler scheduler = Scheduler.RR;
    private volatile TrafficPolicy policy = TrafficPolicy.NONE;

    /** None yet. */
    public LiveEndpoints(ServiceRef service) {
        this.service = service;
    }

    /**
     * All of them at one moment.
     *
     * @param out   until when, by {@link System#nanoTime}, an endpoint is left out
     * @param used  those that are asked
     * @param watch who has left them out, and lets them come back
     */
    private record State(Candidates all, Map<Endpoint, Long> out, Candidates used, Optional<OutlierWatch> watch) {
        static State of(Candidates all, Map<Endpoint, Long> out, Optional<OutlierWatch> watch) {
            boolean none = out.isEmpty()
                    || watch.filter(one -> one.rules().panics(out.size(), all.size()))
                            .isPresent();
            return new State(all, Map.copyOf(out), none ? all : all.without(out.keySet()), watch);
        }

        /** By rules that may have been replaced meanwhile, nobody is left out. */
        boolean isWatchedBy(OutlierWatch one) {
            return watch.filter(one::equals).isPresent();
        }

        State leavingOut(Map<Endpoint, Long> others) {
            return of(all, others, watch);
        }
    }

    public List<Endpoint> ready() {
        return state.get().used.endpoints();
    }

    /** Those too that are left out. */
    public List<Endpoint> all() {
        return state.get().all.endpoints();
    }

    /** Those that are asked, with what balancers make of them. */
    Candidates candidates() {
        return state.get().used;
    }

    /** How to choose, where a route does not say. */
    Scheduler scheduler() {
        return scheduler;
    }

    /** What holds for all requests to them. */
    public TrafficPolicy policy() {
        return policy;
    }

    Places places() {
        return places;
    }

    /**
     * Replaces them all. For one writer at a time.
     *
     * @param loads keeps what is known of each
     */
    public void replace(List<Endpoint> now, Loads loads) {
        Candidates before = state.get().all;
        Candidates after = before.successor(now, loads::enter, System.nanoTime());
        Set<Endpoint> there = new HashSet<>(now);
        state.updateAndGet(old -> {
            Map<Endpoint, Long> out = new HashMap<>(old.out);
            out.keySet().retainAll(there);
            return State.of(after, out, old.watch);
        });
        state.get().watch.ifPresent(one -> one.keepOnly(there));
        loads.leave(before.endpoints());
    }

    public void schedule(Scheduler other) {
        scheduler = other;
    }

    /** From now on this holds. For one writer at a time. */
    public void obey(TrafficPolicy other) {
        boolean sameWatch = other.outliers().equals(policy.outliers());
        policy = other;
        places.obey(other.pool());
        if (!sameWatch) {
            Optional<OutlierWatch> watch = other.outliers().map(OutlierWatch::new);
            state.updateAndGet(old -> State.of(old.all, Map.of(), watch));
        }
    }

    /** Whether anybody wants to know how endpoints answer. */
    boolean isWatched() {
        return state.get().watch.isPresent();
    }

    void answered(Endpoint endpoint, int status, long now) {
        state.get().watch.filter(one -> one.answered(endpoint, status)).ifPresent(one -> leaveOut(endpoint, one, now));
    }

    void failed(Endpoint endpoint, Failure failure, long now) {
        switch (failure) {
            case CONNECT, CONNECT_TIMEOUT, SEND_TIMEOUT, READ_TIMEOUT, RESET, BAD_RESPONSE ->
                state.get().watch.filter(one -> one.failed(endpoint)).ifPresent(one -> leaveOut(endpoint, one, now));
            case NONE, BAD_REQUEST, CLIENT_TIMEOUT, CLIENT_ABORT, NO_ROUTE, NO_ENDPOINTS, OVERFLOW, STOPPED -> {}
        }
    }

    private void leaveOut(Endpoint endpoint, OutlierWatch one, long now) {
        long lasting = one.lasting(endpoint);
        while (true) {
            State before = state.get();
            boolean may = before.isWatchedBy(one)
                    && before.all.endpoints().contains(endpoint)
                    && !before.out.containsKey(endpoint)
                    && one.rules().admits(before.out.size(), before.all.size());
            if (!may) {
                return;
            }
            Map<Endpoint, Long> out = new HashMap<>(before.out);
            out.put(endpoint, now + lasting);
            if (state.compareAndSet(before, before.leavingOut(out))) {
                one.leftOut(endpoint);
                log.atInfo()
                        .addKeyValue("service", service)
                        .addKeyValue("endpoint", endpoint)
                        .addKeyValue("seconds", lasting / 1_000_000_000)
                        .log("Endpoint is left out for a while: it answers badly");
                return;
            }
        }
    }

    /** To be called a few times a second, by anybody: lets endpoints come back whose time is over. */
    public void settle(long now) {
        state.get().watch.filter(one -> one.isDue(now)).ifPresent(one -> look(one, now));
    }

    private void look(OutlierWatch one, long now) {
        State before = state.get();
        one.allBehaveBut(before.out.keySet());
        if (before.out.values().stream().noneMatch(until -> now - until >= 0)) {
            return;
        }
        state.updateAndGet(old -> {
            Map<Endpoint, Long> out = new HashMap<>(old.out);
            out.values().removeIf(until -> now - until >= 0);
            return old.leavingOut(out);
        });
    }
}
