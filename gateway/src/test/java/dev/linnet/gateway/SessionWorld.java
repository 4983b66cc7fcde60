package dev.linnet.gateway;

import dev.linnet.routing.Endpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A gateway before Pods that say who they are, and the cookies that it sets. */
final class SessionWorld implements AutoCloseable {
    static final String HOST = "app.example.com";

    final World world = new World();

    /** In the order in which they were asked for. */
    final List<ScriptedUpstream> running = new ArrayList<>();

    List<Endpoint> pods(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    ScriptedUpstream pod = ScriptedUpstream.saying(name + "-" + i);
                    running.add(pod);
                    return pod.endpoint();
                })
                .toList();
    }

    static String[] concat(String[] some, String... more) {
        return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
    }

    static Optional<String> setCookie(Conversation.Response response) {
        return response.head()
                .lines()
                .filter(line -> line.startsWith("Set-Cookie: "))
                .map(line -> line.substring("Set-Cookie: ".length()))
                .reduce((one, other) -> one + " AND " + other);
    }

    /** What a client sends back. */
    static String kept(String setCookie) {
        return "Cookie: " + setCookie.substring(0, setCookie.indexOf(';'));
    }

    @Override
    public void close() {
        running.forEach(ScriptedUpstream::close);
        world.close();
    }
}
