package dev.linnet.apiserver.rest;

import dev.linnet.apiserver.http.Call;
import dev.linnet.apiserver.http.Query;
import dev.linnet.apiserver.http.Reply;
import dev.linnet.apiserver.select.Selection;
import dev.linnet.apiserver.store.ObjectStore;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** The verb watch. */
final class Watches {
    /** Without a client's wish a watch ends after 30 to 60 minutes, as a real API server's does. */
    private static final long SHORTEST_SECONDS = 1_800;

    private final ObjectStore store;
    private final Views views;
    private final RandomGenerator random;

    Watches(ObjectStore store, Views views, RandomGenerator random) {
        this.store = store;
        this.views = views;
        this.random = random;
    }

    /**
     * What a client asked for.
     *
     * @param from          version after which events are wanted; 0 for what is there now, and on
     * @param showExisting  begin with an ADDED for each object that is there
     * @param announceStart a bookmark says where these first events end
     */
    record Wish(
            Selection selection,
            long from,
            boolean showExisting,
            boolean announceStart,
            boolean bookmarks,
            Duration length) {}

    Reply watch(Call call, Target target) {
        View view = views.of(call, target.resource());
        Wish wish = wish(call, target);
        String resource = target.key().resource();
        return Reply.stream(view.contentType(), out -> new WatchStream(store, resource, wish, view, out).run());
    }

    private Wish wish(Call call, Target target) {
        Query query = call.query();
        long from = Reads.version(query.text("resourceVersion"));
        boolean bookmarks = query.flag("allowWatchBookmarks");
        boolean initial = query.flag("sendInitialEvents");
        String asked = query.text("sendInitialEvents");
        ListOptionRules.checkWatch(query);
        boolean showExisting = asked.isEmpty() ? from == 0 : initial;
        return new Wish(
                Reads.selection(call, target), from, showExisting, initial && bookmarks, bookmarks, length(query));
    }

    private Duration length(Query query) {
        long seconds = query.number("timeoutSeconds").orElse(0);
        return Duration.ofSeconds(seconds > 0 ? seconds : SHORTEST_SECONDS + random.nextLong(SHORTEST_SECONDS));
    }
}
